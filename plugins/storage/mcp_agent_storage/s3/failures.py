"""What S3 services answer when they do not do it, in words for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mcp_agent import ToolError, UpstreamError

_SAID: dict[str, tuple[str, str]] = {
    "SignatureDoesNotMatch": (
        "does not accept the secret key", "Set it again, on this machine: mcp-agent secrets set storage {store}",
    ),
    "InvalidAccessKeyId": (
        "does not know the access key id", "See access_key_id of plugins.storage.stores.{store} in the configuration.",
    ),
    "AccessDenied": ("does not allow this key to do that", "Whoever runs the account can allow it."),
    "NoSuchBucket": ("has no such bucket", "storage_buckets names them."),
    "NoSuchKey": ("has no such object", "storage_list shows what there is."),
    "NoSuchVersion": ("does not have that version any more", ""),
    "PreconditionFailed": ("has something else there by now; nothing was changed", "Look again with storage_list."),
    "InvalidRange": ("has no bytes there: the object is shorter", ""),
    "NotImplemented": ("cannot do that", ""),
    "RequestTimeTooSkewed": ("says that the clock of this machine is wrong", "Set the clock."),
    "EntityTooLarge": ("does not take objects of this size", ""),
    "InvalidBucketName": ("says that no bucket can have that name", "storage_buckets names those that there are."),
}  # fmt: skip
_WRONG_REGION = ("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "301")
_PLAIN = {"403": "AccessDenied", "404": "NoSuchKey", "412": "PreconditionFailed", "416": "InvalidRange"}
"""A question without a body, such as HEAD, is answered with a number alone."""


@contextmanager
def told(store: str, where: str) -> Iterator[None]:
    """What the libraries raise becomes a ToolError, an UpstreamError where the other side failed."""
    from aiohttp import ClientError as HttpError
    from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

    try:
        yield
    except ClientError as error:
        raise refused(error.response, store, where) from None
    except ParamValidationError as error:
        raise ToolError(f"{where} cannot be asked for that: {error}") from None
    except (BotoCoreError, HttpError, TimeoutError, OSError) as error:
        raise UpstreamError(
            f"{where} does not answer ({type(error).__name__}).",
            hint="See whether the service runs and the endpoint in the configuration is right; then call again.",
        ) from None


def code_of(response: object) -> str:
    """The code in an answer that says no."""
    error = response.get("Error", {}) if isinstance(response, dict) else {}
    code = str(error.get("Code", ""))
    return _PLAIN.get(code, code)


def refused(response: object, store: str, where: str) -> ToolError:
    code = code_of(response)
    answer = response if isinstance(response, dict) else {}
    if code in _WRONG_REGION:
        right = answer.get("Error", {}).get("Region") or answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get(
            "x-amz-bucket-region"
        )
        return ToolError(
            f"{where} is in another region{f', {right}' if right else ''}.",
            hint=f"Set region of plugins.storage.stores.{store} in the configuration.",
        )
    if code in _SAID:
        what, hint = _SAID[code]
        return ToolError(f"{where} {what}.", hint=hint.format(store=store) or None)
    said = f"{where} says {code or 'no'}: {answer.get('Error', {}).get('Message', '')}"
    if answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
        return UpstreamError(said, hint="Call again later.")
    return ToolError(said)
