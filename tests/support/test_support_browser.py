from __future__ import annotations

import shutil

import pytest


@pytest.fixture
def without_chromium(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.delenv("CI", raising=False)
    pytester.makeconftest('pytest_plugins = ["support.browser"]')
    pytester.makepyfile("def test_page(chrome): pass")
    return pytester


def test_without_chromium_tests_are_skipped_with_the_reason(without_chromium: pytest.Pytester) -> None:
    result = without_chromium.runpytest_inprocess("-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines("*no Chromium with chromedriver was found*")


def test_under_ci_chromium_has_to_be_there(without_chromium: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    result = without_chromium.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines("*CI needs Chromium*")
