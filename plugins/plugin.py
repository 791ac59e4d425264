"""The pytest plugin: hooks only. Without one of its options it declares options and a mark, and does nothing else."""

from __future__ import annotations

import pytest

from tkg_conformance.plugins.options import add_options, read_options

pytest.register_assert_rewrite("tkg_conformance.fixtures", "tkg_conformance.reports")

CONTROLLER = "tkg-conformance-controller"
ITEMS = "tkg-conformance-items"
NOTHING_TO_JUDGE = pytest.StashKey[bool]()
SUITE = "tkg_conformance.conformance"
MISSING = (
    "The conformance suite has nothing to judge: give --tkg-site FILE for a site, --tkg-lab for the simulated lab, "
    "or --tkg-observation FILE for a stored observation."
)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the hooks for further requirements."""
    from tkg_conformance.plugins import hookspecs

    pluginmanager.add_hookspecs(hookspecs)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark; where there is something to judge, register the object that does the work."""
    config.addinivalue_line("markers", "requirement(id): the documented outcome that a test judges")
    if hasattr(config, "workerinput"):
        path = config.workerinput.get("tkg_observation")
        if path is not None:
            from tkg_conformance.plugins.items import Items

            config.pluginmanager.register(Items.in_worker(config, path), ITEMS)
    elif read_options(config).active:
        from tkg_conformance.plugins.controller import Controller

        config.pluginmanager.register(Controller(config), CONTROLLER)
    elif any(str(argument).startswith(SUITE) for argument in config.args) and not config.option.collectonly:
        raise pytest.UsageError(MISSING)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse to run the suite's tests on nothing; listing them needs no site."""
    if config.pluginmanager.has_plugin(ITEMS) or config.option.collectonly:
        return
    marks = (item.get_closest_marker("requirement") for item in items)
    ids = {str(argument) for mark in marks if mark for argument in mark.args}
    if not ids or ids.isdisjoint(_known_ids(config)):
        return
    if not hasattr(config, "workerinput"):
        raise pytest.UsageError(MISSING)
    # xdist shows an error that a worker raises while collecting as an internal error with a traceback.
    for item in items:
        item.stash[NOTHING_TO_JUDGE] = item.get_closest_marker("requirement") is not None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test of the suite that a worker was given although there is nothing to judge."""
    if item.stash.get(NOTHING_TO_JUDGE, False):
        pytest.fail(MISSING, pytrace=False)


def _known_ids(config: pytest.Config) -> set[str]:
    """Return the ids of the catalogue; a mark of this name with other ids belongs to somebody else."""
    from tkg_conformance.fixtures.errors import UsageError
    from tkg_conformance.plugins import catalogue

    try:
        return {each.id for each in catalogue.of_session(config).requirements}
    except UsageError as error:
        raise pytest.UsageError(str(error)) from error
