"""Backup and restore, for whoever runs the bot."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli_ground import own_settings, refuse, said

Replace = Annotated[bool, typer.Option("--replace", help="In the place of what is there already.")]

app = typer.Typer()


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to.")], replace: Replace = False
) -> None:
    """Write everything into one file, while the bot goes on; only its owner can read it."""
    from bot.storage.backup import BackupFailed, back_up

    settings = own_settings()
    try:
        with said.status("Copying"):
            asyncio.run(back_up(settings.database_url, file, replace=replace))
    except BackupFailed as failed:
        refuse(str(failed))
    said.print(f"{file}: whole, {file.stat().st_size / 1e6:.1f} MB", markup=False)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `backup` wrote.")], replace: Replace = False
) -> None:
    """Put a backup in the place of the database, whole or not at all. The bot has to be stopped."""
    from bot.storage.backup import BackupFailed
    from bot.storage.backup import restore as put_back

    settings = own_settings()
    try:
        with said.status("Copying"):
            aside = asyncio.run(put_back(settings.database_url, file, replace=replace))
    except BackupFailed as failed:
        refuse(str(failed))
    said.print(f"{file}: restored. `backbeat run` brings it up to date.", markup=False)
    if aside is not None:
        said.print(
            f"What was there before is in {aside}; delete it when you don't need it.", markup=False
        )
