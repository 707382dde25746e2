"""Import and export beside a list: two buttons and the pages behind them, for any admin that names its `sheet`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from unfold.decorators import action

from bookingoffice.accounts.desk import organization_of
from bookingoffice.datafiles import uploads
from bookingoffice.datafiles.admin.uploading import BoundedUpload, is_too_large, pieces_of
from bookingoffice.datafiles.downloads import download
from bookingoffice.datafiles.models import FileImport, FileImportFault, State
from bookingoffice.datafiles.sheets import Sheet
from bookingoffice.datafiles.sources import FORMATS

FAULTS_ON_A_PAGE = 50
View = Callable[..., Any]


class WithFiles:
    """Stands before a TenantAdmin, whose `actions_list` names `import_file` and `export_file`."""

    sheet: ClassVar[Sheet]

    # -- buttons

    @action(description=gettext_lazy("Import"), icon="upload", permissions=["add"])  # type: ignore[operator, arg-type]
    def import_file(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(self._address("import"))

    @action(description=gettext_lazy("Export"), icon="download", permissions=["view"])  # type: ignore[operator, arg-type]
    def export_file(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(f"{self._address('export')}?{request.GET.urlencode()}")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The button for export takes along what the list is narrowed to."""
        response = super().changelist_view(request, extra_context)  # type: ignore[misc]
        narrowed, context = request.GET.urlencode(), getattr(response, "context_data", None) or {}
        for button in context.get("actions_list") or () if narrowed else ():
            if "export_file" in str(button.get("path")):
                button["path"] = f"{button['path']}?{narrowed}"
        return response

    # -- addresses

    def get_urls(self) -> list[URLPattern]:
        pages: tuple[tuple[str, View, str], ...] = (
            ("files/import/", self._upload_page(), "import"),
            ("files/import/<uuid:job_id>/", self.job_view, "job"),
            ("files/export/", self.export_view, "export"),
        )
        page: Any = self
        ours = [path(address, page.admin_site.admin_view(view), name=self._name(name)) for address, view, name in pages]
        return [*ours, *super().get_urls()]  # type: ignore[misc]

    def _name(self, page: str) -> str:
        opts: Any = self.opts  # type: ignore[attr-defined]
        return f"{opts.app_label}_{opts.model_name}_files_{page}"

    def _address(self, page: str, *parts: Any) -> str:
        return reverse(f"admin:{self._name(page)}", args=parts)

    # -- out

    def export_view(self, request: HttpRequest) -> Any:
        """With a format in its address, the file; without one, the choice."""
        page: Any = self
        if not page.has_view_permission(request):
            raise PermissionDenied
        organization = organization_of(request)
        wanted = request.GET.get("as", "")
        narrowed = request.GET.copy()
        narrowed.pop("as", None)
        request.GET = narrowed  # type: ignore[assignment]
        try:
            chosen = page.get_changelist_instance(request).queryset if narrowed else page.get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)  # a filter nobody has: the choice without any
        for known in FORMATS:
            if wanted == known:
                return download(self.sheet, organization, known, chosen)
        counted = chosen.order_by().values("pk").count()
        context = {"count": counted, "narrowed": narrowed.urlencode(), "formats": FORMATS}
        return self._drawn(request, "files/export.html", _("Export %(plural)s") % self._words(), context)

    # -- in

    def _upload_page(self) -> View:
        """Not guarded by Django's middleware, which would read the body before its limits are known; guarded here instead."""

        def view(request: HttpRequest) -> Any:
            if not self._may_import(request):
                raise PermissionDenied
            if request.method == "POST" and is_too_large(request):
                return self._choose(request, self._too_large(), status=413)
            request.upload_handlers = [BoundedUpload(request)]
            return csrf_protect(self.upload_view)(request)

        return csrf_exempt(view)

    def upload_view(self, request: HttpRequest) -> Any:
        file: Any = request.FILES.get("file")
        if request.method != "POST":
            return self._choose(request)
        if file is None or not file.size:
            empty = _("Choose a file that is not empty.")
            return self._choose(request, self._too_large() if "file" in request.POST else empty, status=400)
        moment = timezone.now()
        job = uploads.keep_upload(
            organization_of(request), request.user, kind=self.sheet.plural, filename=file.name,
            pieces=pieces_of(file), moment=moment,
        )  # fmt: skip
        if job.size <= uploads.SMALL:
            uploads.work_off(job, organization_of(request), moment)
        return HttpResponseRedirect(self._address("job", job.pk))

    def job_view(self, request: HttpRequest, job_id: UUID) -> Any:
        if not self._may_import(request):
            raise PermissionDenied
        found = uploads.files_of(organization_of(request).pk, request.user.pk or 0).filter(kind=self.sheet.plural)
        job = found.filter(pk=job_id).first()
        if job is None:
            raise Http404
        return self._decide(request, job) if request.method == "POST" else self._show(request, job)

    def _decide(self, request: HttpRequest, job: FileImport) -> HttpResponse:
        if "discard" in request.POST:
            uploads.forget(uploads.files_of(job.organization_id, job.user_id).filter(pk=job.pk))
            messages.info(request, _("The file is forgotten; nothing was imported."))
            return HttpResponseRedirect(self._list())
        if uploads.confirm(job) and job.size <= uploads.SMALL:
            job.state = State.TO_IMPORT
            uploads.work_off(job, organization_of(request), timezone.now())
        return HttpResponseRedirect(self._address("job", job.pk))

    def _show(self, request: HttpRequest, job: FileImport) -> TemplateResponse:
        told = FileImportFault.objects.of(job.organization_id).filter(file_import_id=job.pk).order_by("number")
        pages = Paginator(told, FAULTS_ON_A_PAGE)
        context = {
            "job": job,
            "counts": {
                name: number_format(getattr(job, name), force_grouping=True)
                for name in ("made", "changed", "unchanged")
            },
            "page": pages.get_page(request.GET.get("page")),
            "waits_long": job.waits_long_at(timezone.now()),
            "list_address": self._list(),
            "import_address": self._address("import"),
        }
        return self._drawn(request, "files/job.html", _("Import %(plural)s") % self._words(), context)

    def _choose(self, request: HttpRequest, fault: str = "", status: int = 200) -> TemplateResponse:
        context = {
            "fault": fault,
            "columns": self.sheet.columns,
            "largest": uploads.LARGEST,
            "recent": uploads.files_of(organization_of(request).pk, request.user.pk or 0).filter(
                kind=self.sheet.plural
            )[:5],
        }
        title = _("Import %(plural)s") % self._words()
        response = self._drawn(request, "files/choose.html", title, context)
        response.status_code = status
        return response

    def _may_import(self, request: HttpRequest) -> bool:
        page: Any = self
        return bool(page.has_add_permission(request) and page.has_change_permission(request))

    def _too_large(self) -> str:
        return _("This file is larger than %(megabytes)s MB.") % {"megabytes": uploads.LARGEST // 2**20}

    def _words(self) -> dict[str, str]:
        return {"plural": str(self.opts.verbose_name_plural)}  # type: ignore[attr-defined]

    def _list(self) -> str:
        opts: Any = self.opts  # type: ignore[attr-defined]
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")

    def _drawn(self, request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> TemplateResponse:
        page: Any = self
        shared = {
            **page.admin_site.each_context(request),
            "title": title,
            "opts": page.opts,
            "list_address": self._list(),
        }
        return TemplateResponse(request, template, {**shared, **context})
