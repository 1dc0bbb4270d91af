"""Collected static files, with hashes in their names and packed copies beside them."""

from pathlib import Path

from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise writes the packed copies by itself: they get the rights of the files, so that nginx can serve both."""

    def post_process(self, *args, **options):
        yield from super().post_process(*args, **options)
        for file in Path(self.location).rglob("*.gz"):
            file.chmod(self.file_permissions_mode)
        Path(self.location).chmod(self.directory_permissions_mode)
