"""Keep the further certificates of a listener.

MiniStack 1.5.33 has no AddListenerCertificates, RemoveListenerCertificates and DescribeListenerCertificates.
Unnecessary once it has.
"""

from typing import Any

from ministack.services import alb

from local.adapter._query import elements, nested

Record = dict[str, Any]

_MORE = "_MoreCertificates"


def install() -> None:
    """Add the three calls."""
    alb._ACTION_MAP |= {
        "AddListenerCertificates": _add,
        "RemoveListenerCertificates": _remove,
        "DescribeListenerCertificates": _describe,
    }


def _listener(params: Record) -> Record:
    return alb._listeners.get(alb._p(params, "ListenerArn"))


def _named(params: Record) -> list[str]:
    return [certificate["CertificateArn"] for certificate in nested(params, "Certificates")]


def _missing(params: Record) -> Any:
    return alb._error("ListenerNotFound", f"Listener '{alb._p(params, 'ListenerArn')}' not found.")


def _add(params: Record) -> Any:
    listener = _listener(params)
    if not listener:
        return _missing(params)
    listener[_MORE] = list(dict.fromkeys([*listener.get(_MORE, []), *_named(params)]))
    return _answer("AddListenerCertificates", [_entry(arn) for arn in _named(params)])


def _remove(params: Record) -> Any:
    listener = _listener(params)
    if not listener:
        return _missing(params)
    listener[_MORE] = [arn for arn in listener.get(_MORE, []) if arn not in _named(params)]
    return alb._empty("RemoveListenerCertificates")


def _describe(params: Record) -> Any:
    listener = _listener(params)
    if not listener:
        return _missing(params)
    default = [_entry(arn, default=True) for arn in listener.get("Certificates", [])]
    return _answer("DescribeListenerCertificates", default + [_entry(arn) for arn in listener.get(_MORE, [])])


def _entry(arn: str, *, default: bool = False) -> Record:
    return {"CertificateArn": arn, "IsDefault": default}


def _answer(action: str, certificates: list[Record]) -> Any:
    return alb._xml(200, action, elements({"Certificates": certificates}))
