"""What all our ModelAdmins share: declared pages, capped counts, checked ids, filters to type in."""

from datetime import date, datetime
from functools import cached_property

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import BadRequest, FieldDoesNotExist, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from articles.models.summaries import FIRST_DAY, LAST_DAY


class CappedPaginator(Paginator):
    """Counts up to CAP; the list then says "10000+"."""

    CAP = 10_000

    @cached_property
    def found(self) -> int:
        return self.object_list.order_by()[: self.CAP + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.found, self.CAP)

    @property
    def is_capped(self) -> bool:
        return self.found > self.CAP


class CheckedAutocomplete(AutocompleteSelect):
    """Drops chosen ids that the column cannot hold; Django's would query them."""

    def optgroups(self, name, value, attrs=None):
        model = self.field.remote_field.model
        return super().optgroups(name, [one for one in value if not one or is_pk(model, one)], attrs)


class CheckedChoices:
    """For a ModelAdmin or an inline with autocomplete fields."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = CheckedAutocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class DeskAdmin(CheckedChoices, admin.ModelAdmin):
    """Base of all our ModelAdmins."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 200
    # Raised by a save that lost a race; the second try shows the conflict as a form error.
    LOST_RACES = (IntegrityError,)
    # Pages beside Django's own: URL name -> route. The view is the method `<name>_view`.
    pages: dict[str, str] = {}

    def get_urls(self) -> list[URLPattern]:
        """URLs of `pages`, named `<app>_<model>_<name>`, before Django's own, which match any path."""
        named = f"{self.opts.app_label}_{self.opts.model_name}"
        declared = [
            path(route, self.admin_site.admin_view(getattr(self, f"{name}_view")), name=f"{named}_{name}")
            for name, route in self.pages.items()
        ]
        return declared + super().get_urls()

    def render(
        self, request: HttpRequest, template: str, context: dict, *, status: int = 200
    ) -> TemplateResponse:
        """Render an admin page: `context` is added to `each_context` and `opts`."""
        common = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, template, common | context, status=status)

    def redirect_to(self, name: str, *args, query: dict | None = None) -> HttpResponse:
        """Redirect to a URL name with path arguments and query parameters."""
        return HttpResponseRedirect(reverse(name, args=args, query=query))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """A date or moment within the years that pages have."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(db_field, models.DateField):
            field.validators.append(in_reach)
        return field

    def get_action_choices(
        self, request, default_choices=None, action_location=admin.ActionLocation.CHANGE_LIST
    ):
        return super().get_action_choices(request, default_choices or [("", "选择动作")], action_location)

    def lookup_allowed(self, lookup, value, request):
        """Only the lookups of our filters; Django would allow others that scan the table."""
        return any(lookup in _parameters_of(list_filter) for list_filter in self.get_list_filter(request))

    def response_action(self, request, queryset, **where):
        if not all(is_pk(self.model, pk) for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("no ids")
        return super().response_action(request, queryset, **where)

    def get_changeform_initial_data(self, request):
        """Initial values from the query; those that the fields cannot hold are ignored."""
        given = super().get_changeform_initial_data(request)
        read = {name: self._clean_initial(name, value) for name, value in given.items()}
        return {name: value for name, value in read.items() if value is not None}

    def _clean_initial(self, name: str, value):
        try:
            field = self.opts.get_field(name)
        except FieldDoesNotExist:
            return value
        if isinstance(field, models.ForeignKey | models.ManyToManyField):
            several = value if isinstance(value, list) else [value]
            return value if all(is_pk(field.related_model, pk) for pk in several) else None
        try:
            return field.to_python(value) if field.concrete else value
        except (ValidationError, OverflowError):
            return None

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST":
            self._refuse_forged_choices(request.POST)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except self.LOST_RACES:
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _refuse_forged_choices(self, sent) -> None:
        """400 for impossible ids in many-to-many fields, which Django would pass to the database."""
        chosen = (field for field in self.opts.many_to_many if isinstance(field, models.ManyToManyField))
        for field in chosen:  # not tags, which are sent as names
            if not all(is_pk(field.related_model, pk) for pk in sent.getlist(field.name)):
                raise BadRequest("no ids")


class ReadOnlyAdmin(DeskAdmin):
    """For records that only the program writes."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class InputFilter(admin.SimpleListFilter):
    """A list filter with a form to type in, without scripts.

    Each field of `form_class` is a query parameter; the first one is `parameter_name`.
    """

    template = "admin/input_filter.html"
    form_class: type[forms.Form]

    def __init__(self, request, params, model, model_admin):
        self.parameter_name = next(iter(self.form_class.base_fields))
        given = {name: params.pop(name)[-1] for name in self.form_class.base_fields if name in params}
        super().__init__(request, params, model, model_admin)
        self.form = self.form_class(given, auto_id="filter_%s")
        self.used_parameters = {name: value for name, value in given.items() if value}
        self.asked = self.form.cleaned_data if self.form.is_valid() else {}

    def lookups(self, request, model_admin):
        return ()

    def has_output(self):
        return True

    def expected_parameters(self):
        return list(self.form_class.base_fields)

    def choices(self, changelist):
        """No choices; the parameters of the other filters become hidden fields."""
        mine = self.expected_parameters()
        self.others = [
            (name, value)
            for name, values in changelist.filter_params.items()
            if name not in mine
            for value in (values if isinstance(values, list) else [values])
        ]
        self.clear_query = changelist.get_query_string(remove=mine)
        return []


def _parameters_of(list_filter) -> list[str]:
    """The query parameters that a filter reads."""
    if isinstance(list_filter, str):
        return [list_filter, f"{list_filter}__exact", f"{list_filter}__id__exact", f"{list_filter}__isnull"]
    if issubclass(list_filter, InputFilter):
        return list(list_filter.form_class.base_fields)
    return [list_filter.parameter_name]


def in_reach(value: date | datetime) -> None:
    """A validator: far years are out of the range of the database in another time zone, or of the archive."""
    day = value.date() if isinstance(value, datetime) else value
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(f"年份要在 {FIRST_DAY.year} 和 {LAST_DAY.year} 之间。")


def is_pk(model: type[models.Model], value: str) -> bool:
    """True if the primary key column can hold this value."""
    try:
        model._meta.pk.clean(value, None)
    except (ValidationError, OverflowError):
        return False
    return True


def refuse_nul(request) -> None:
    """400 for a NUL in the query, which PostgreSQL refuses in any text."""
    if any("\0" in value for name, values in request.GET.lists() for value in (name, *values)):
        raise BadRequest("NUL")
