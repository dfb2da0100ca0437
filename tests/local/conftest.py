from collections.abc import Iterator

import pytest

from avenant.errors import ModelError
from avenant.local.engine import Engine
from avenant.local.weights import read_weights


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    try:
        weights = read_weights()
    except ModelError as error:
        pytest.skip(f"needs the embedded model: {error}")
    engine = Engine(weights, servers=2)
    yield engine
    engine.close()
