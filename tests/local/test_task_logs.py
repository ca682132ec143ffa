from local.adapter.task_logs import events, milliseconds


def test_lines_keep_their_time() -> None:
    """A line becomes an event with the millisecond at which it was written."""
    entries = [b"1970-01-01T00:00:01.002003004Z hello\n", b"1970-01-01T00:00:02.5Z \n"]
    assert list(events(entries)) == [
        {"timestamp": 1002, "message": "hello"},
        {"timestamp": 2500, "message": ""},
    ]


def test_a_long_line_is_one_event() -> None:
    """Docker cuts lines at 16 KiB; the pieces are joined again."""
    entries = [b"1970-01-01T00:00:01Z long", b"1970-01-01T00:00:01Z est\n"]
    assert list(events(entries)) == [{"timestamp": 1000, "message": "longest"}]


def test_a_last_line_without_an_end_is_kept() -> None:
    """What a program says before it dies in the middle of a line is an event too."""
    assert [event["message"] for event in events([b"1970-01-01T00:00:01Z ouch"])] == ["ouch"]


def test_the_fraction_may_be_short() -> None:
    """Docker leaves out the zeros at the end of a fraction."""
    assert [milliseconds(f"1970-01-01T00:00:00{fraction}Z") for fraction in ("", ".1", ".12", ".0015")] == [
        0,
        100,
        120,
        1,
    ]
