"""Custom fields and dictionaries put into a cell."""

from __future__ import annotations

from cellkit.customizing import tables
from cellkit.customizing.definitions import Definitions
from cellkit.customizing.described import dictionary_paths
from cellkit.customizing.documents import documents
from cellkit.customizing.jobs import reindex
from cellkit.customizing.routes import DictionaryRoutes
from cellkit.features import Context, Feature


def _install(context: Context) -> None:
    engine, app = context.engine, context.app
    definitions = Definitions(engine, context.cell.documents, tuple(context.cell.dictionaries.values()))
    engine.definitions = definitions
    engine.committed.append(definitions.committed)
    app.background("definitions", definitions.run)
    DictionaryRoutes(engine).add_to(app.router)
    app.extra_paths |= dictionary_paths(context.cell.name)


FEATURE = Feature(
    name="customizing",
    documents=documents,
    tables=tables.metadata,
    statements=tables.STATEMENTS,
    install=_install,
    jobs=(reindex,),
)
