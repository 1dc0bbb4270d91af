"""Collected static files, with hashed names and compressed copies."""

from pathlib import Path

from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedStorage(CompressedManifestStaticFilesStorage):
    """Gives WhiteNoise's compressed copies the mode of the originals, so that nginx can serve both."""

    def post_process(self, *args, **options):
        yield from super().post_process(*args, **options)
        for file in Path(self.location).rglob("*.gz"):
            file.chmod(self.file_permissions_mode)
        Path(self.location).chmod(self.directory_permissions_mode)
