"""Scenarios: the situations that are put to the model; their files, how they are drafted, imported and held out."""

from avenant.scenarios.scenario import (
    BATTERIES,
    ROLES,
    Battery,
    Scenario,
    ScenarioFile,
    hash_scenarios,
    packed_path,
    parse_scenarios,
    read_battery_files,
    read_scenarios,
)

__all__ = [
    "BATTERIES",
    "ROLES",
    "Battery",
    "Scenario",
    "ScenarioFile",
    "hash_scenarios",
    "packed_path",
    "parse_scenarios",
    "read_battery_files",
    "read_scenarios",
]
