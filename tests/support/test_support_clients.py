from __future__ import annotations

import pytest

import support.clients

TWO_TESTS = """
import pytest

def test_quick():
    pass

@pytest.mark.client
def test_client():
    pass
"""


@pytest.fixture
def two_tests(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.delenv("CI", raising=False)
    pytester.makeconftest('pytest_plugins = ["support.clients"]')
    pytester.makeini("[pytest]\nmarkers = client: needs LibreOffice")
    pytester.makepyfile(TWO_TESTS)
    return pytester


def test_without_libreoffice_client_tests_are_left_out_and_that_is_said(
    two_tests: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(support.clients, "installation", lambda: None)
    result = two_tests.runpytest_inprocess()
    result.assert_outcomes(passed=1, deselected=1)
    result.stdout.fnmatch_lines("all tests marked 'client': no LibreOffice*")


def test_under_ci_libreoffice_has_to_be_there(two_tests: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(support.clients, "installation", lambda: None)
    monkeypatch.setenv("CI", "true")
    result = two_tests.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("*CI needs LibreOffice*")


def test_with_libreoffice_all_run_and_nothing_is_said(
    two_tests: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(support.clients, "installation", lambda: True)
    result = two_tests.runpytest_inprocess()
    result.assert_outcomes(passed=2)
    result.stdout.no_fnmatch_line("*left out*")
