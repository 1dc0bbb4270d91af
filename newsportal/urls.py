"""The URLs of the portal; articles.portal.legacy_urls answers old ones after a 404."""

from django.contrib import admin
from django.urls import include, path

from newsportal.admin_site import register_pages
from newsportal.http import health
from newsportal.signin import accounts

register_pages()
accounts.register(admin.site)

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("", include("articles.portal.urls")),
]

handler400 = "articles.portal.render.bad_request"
handler403 = "articles.portal.render.forbidden"
handler404 = "articles.portal.render.not_found"
handler500 = "newsportal.http.outages.failed"
