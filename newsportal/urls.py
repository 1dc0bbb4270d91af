"""Every address of the portal; old ones are answered by articles.redirects after a 404."""

from django.contrib import admin
from django.urls import include, path

from newsportal import health
from newsportal.signin import accounts

admin.autodiscover()
accounts.register(admin.site)

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("", include("articles.urls")),
]

handler400 = "articles.pages.bad_request"
handler403 = "articles.pages.forbidden"
handler404 = "articles.pages.not_found"
handler500 = "newsportal.outages.failed"
