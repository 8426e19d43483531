"""The API's own description, and a page to try it on."""

from csp.decorators import csp_update
from django.contrib.auth.decorators import login_not_required
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

schema = login_not_required(SpectacularAPIView.as_view())

# Swagger UI has no inline script this way; of style it can't be had
swagger = login_not_required(
    csp_update({"style-src": ["'unsafe-inline'"]})(
        SpectacularSwaggerSplitView.as_view(url_name="api_schema")
    )
)
