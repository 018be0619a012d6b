"""Errors that handlers raise and that become answers."""

from __future__ import annotations

import uuid
from typing import Any, Dict, Mapping, Optional

from fastapi import HTTPException
from fastapi.exceptions import RequestValidationError

from .types import Response

__all__ = ["ConfigurationError", "CovetException", "HTTPException", "RequestValidationError", "ValidationException"]


class CovetException(Exception):
    """Answers `status_code` with ``{"error": {message, code, category, details, trace_id}}``.

    The header ``X-Error-ID`` repeats the trace id.
    """

    def __init__(
        self,
        message: str,
        status_code: int = 500,
        category: str = "internal",
        details: Optional[Mapping[str, Any]] = None,
        error_code: Optional[str] = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status_code = status_code
        self.category = category
        self.details: Dict[str, Any] = dict(details or {})
        self.error_code = error_code or type(self).__name__
        self.trace_id = str(uuid.uuid4())

    def to_response(self) -> Response:
        error = {
            "message": self.message,
            "code": self.error_code,
            "category": self.category,
            "details": self.details,
            "trace_id": self.trace_id,
        }
        return Response(
            data={"error": error}, status_code=self.status_code, headers={"X-Error-ID": self.trace_id}
        )


class ValidationException(CovetException):
    """422 with the errors of each field."""

    def __init__(self, field_errors: Mapping[str, Any], message: str = "Validation failed") -> None:
        super().__init__(message, 422, "validation", {"field_errors": dict(field_errors)})
        self.field_errors = dict(field_errors)


class ConfigurationError(RuntimeError):
    """The application cannot start working: the message says which setting to make, and where."""
