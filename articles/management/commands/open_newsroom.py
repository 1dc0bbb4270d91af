"""`manage.py open_newsroom`: set up a fresh clone (database, sample articles, admin user). Safe to repeat."""

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.urls import reverse

from articles.importing.run import Options, import_paths
from articles.models import Article
from sources.models import Outcome

SAMPLE = settings.BASE_DIR / "docs" / "sample_newsroom"


class Command(BaseCommand):
    help = "建好数据库、示例稿件和管理员；已经建好的，一样也不动。"
    requires_system_checks = []

    def handle(self, *args, **options):
        call_command("migrate", verbosity=0, skip_checks=True)
        self._import_sample()
        self._introduce_admin()

    def _import_sample(self):
        """Import the samples into an empty portal only: do not mix invented news with real articles."""
        if Article.objects.exists():
            return
        self.stdout.write("正在导入示例稿件……")
        result = import_paths(Options([str(SAMPLE)], workers=1))
        count = result.counts[Outcome.CREATED]
        self.stdout.write(
            f"已导入示例稿件 {count} 篇（虚构的新闻，可在后台删去），用时 {result.seconds:.1f} 秒。"
        )

    def _introduce_admin(self):
        """Create the user `admin`; the password is shown once and stored only as a hash."""
        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            return
        password, desk = secrets.token_urlsafe(12), reverse("admin:index")
        users.create_superuser("admin", "", password)
        self.stdout.write(
            self.style.SUCCESS(f"管理员账号：admin　密码：{password}　（只显示这一次；后台在 {desk}）")
        )
