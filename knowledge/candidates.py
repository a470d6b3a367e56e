"""Which stored texts share terms with a question, most telling first: tantivy's BM25.

Terms in, numbers of rows out; it knows no question and no target.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import tantivy

from knowledge.sparse import Ints

_HEAP = 64_000_000
"""Bytes in which the engine builds; it asks for at least 15 MB."""


class Candidates:
    """An index in memory of rows of terms."""

    def __init__(self, rows: Iterable[Sequence[str]]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("terms", tokenizer_name="terms", index_option="freq")
        builder.add_integer_field("row", fast=True)
        self._schema = builder.build()
        index = tantivy.Index(self._schema)
        splitting = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("terms", splitting)
        writer = index.writer(heap_size=_HEAP, num_threads=1)
        for number, terms in enumerate(rows):
            writer.add_document(tantivy.Document(terms=" ".join(terms), row=number))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def find(self, asked: Mapping[str, float], limit: int) -> Ints:
        """Rows that hold any of the *asked* terms, by weight and rarity, at most *limit*."""
        parts = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(self._schema, "terms", term), weight
                ),
            )
            for term, weight in asked.items()
        ]
        found = self._searcher.search(
            tantivy.Query.boolean_query(parts), limit=limit, count=False
        ).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in found])
        return np.array(rows, dtype=np.int64)
