from local.adapter import _calls, _query


def test_flat_parameters_become_lists_and_mappings() -> None:
    """Members come in the order of their numbers, not of the text."""
    params = {"Metrics.member.2.Id": ["m2"], "Metrics.member.10.Id": "m10", "Metrics.member.1.Stat.Period": "60"}
    assert _query.nested(params, "Metrics") == [{"Stat": {"Period": "60"}}, {"Id": "m2"}, {"Id": "m10"}]


def test_a_plain_parameter_is_a_text() -> None:
    """A prefix that is a parameter itself gives its value."""
    assert _query.nested({"Name": ["x"], "NameSpace": ["y"]}, "Name") == "x"


def test_elements_are_escaped_and_empty_ones_left_out() -> None:
    """Booleans are written in small letters, lists as members."""
    record = {"A": "<&>", "B": None, "C": [], "D": [{"E": True}, "f"], "G": 0}
    assert (
        _query.elements(record) == "<A>&lt;&amp;&gt;</A><D><member><E>true</E></member><member>f</member></D><G>0</G>"
    )


def test_a_call_has_a_name_in_every_protocol() -> None:
    """JSON names it in a header, the query protocol in the body, REST by method and path."""
    form = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    assert _calls.name_of("POST", "/", {"x-amz-target": "Service_2017.PutThing"}, b"{}", {}) == "PutThing"
    assert _calls.name_of("POST", "/", form, b"Action=CreateVpc&Version=1", {}) == "CreateVpc"
    assert _calls.name_of("PUT", "/bucket/key", {}, b"Action=no", {}) == "PUT /bucket/key"


def test_reads_are_told_from_writes() -> None:
    """A call that may change something counts as a write."""
    reads = [("POST", "DescribeVpcs"), ("POST", "ListTagsForResource"), ("GET", "GET /x"), ("POST", "BatchGetImage")]
    writes = [("POST", "CreateVpc"), ("PUT", "PUT /x"), ("POST", "BatchDeleteImage"), ("POST", "TagResource")]
    assert [_calls.is_read(*call) for call in reads + writes] == [True] * 4 + [False] * 4
