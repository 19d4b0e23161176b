"""The section ``plugins: research:`` of the configuration."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Field, Folder

Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]


class WebSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How pages are fetched, and what is refused."""

    allow_hosts: Annotated[
        tuple[str, ...],
        Field("Hosts of your own network that may be fetched all the same, as 'wiki.lan' or '192.168.1.5:8080'."),
    ] = ()
    ports: Annotated[tuple[int, ...], Field("The ports that may be fetched from.")] = (80, 443)
    max_bytes: Annotated[Count, Field("The largest page or file, in bytes, unpacked.")] = 8_000_000
    seconds: Annotated[Positive, Field("How long fetching one page may take, its redirects included.")] = 30.0
    redirects: Annotated[int, Field("How many redirects are followed.", ge=0, le=20)] = 5
    pace_seconds: Annotated[NotNegative, Field("Seconds from one request to a host to the next.")] = 1.0
    reuse_minutes: Annotated[NotNegative, Field("A page fetched less long ago than this is not fetched again.")] = 60.0
    kept_snapshots: Annotated[Count, Field("How many pages are kept; the oldest that no job uses go first.")] = 5000


class EngineSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Where research_search looks. An empty address switches an engine off."""

    searxng: Annotated[str, Field("Address of a SearXNG server that offers the JSON format.")] = ""
    brave: Annotated[str, Field("Address of Brave's API; it is used once the secret brave_key is set.")] = (
        "https://api.search.brave.com"
    )
    brave_price: Annotated[NotNegative, Field("What one question to Brave costs, in your currency.")] = 0.005
    wikipedia: Annotated[str, Field("Address of a MediaWiki to search.")] = "https://en.wikipedia.org"


class PaperSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Where research_papers and research_doi look. An empty address switches a source off."""

    openalex: str = "https://api.openalex.org"
    arxiv: str = "https://export.arxiv.org"
    crossref: str = "https://api.crossref.org"
    doi: str = "https://doi.org"


class ModelSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """An OpenAI-compatible model that plans and writes where the client offers none."""

    address: Annotated[str, Field("Such as http://127.0.0.1:11434/v1; empty for none. Its key: secret model_key.")] = ""
    name: Annotated[str, Field("The model to ask for.")] = ""
    input_price: Annotated[NotNegative, Field("Price of a million tokens of input, in your currency.")] = 0.0
    output_price: Annotated[NotNegative, Field("Price of a million tokens of output, in your currency.")] = 0.0
    most_output: Annotated[Count, Field("Tokens that one answer may have.")] = 1500
    most_input: Annotated[Count, Field("Bytes of text that one question may hold.")] = 24_000
    seconds: Annotated[Positive, Field("How long one answer may take.")] = 120.0


class LibrarySettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Which files become part of the local library."""

    max_file_bytes: Annotated[Count, Field("Larger files are left out, in bytes.")] = 50_000_000
    seconds: Annotated[Positive, Field("How long reading one file or page may take.")] = 60.0
    max_documents: Annotated[Count, Field("How many files are indexed at most.")] = 20_000


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything has a default. ``folders`` is where research_index_documents may look."""

    folders: Annotated[tuple[Folder, ...], Field("Folders of documents to search; empty for the usual ones.")] = ()
    web: WebSettings = WebSettings()
    engines: EngineSettings = EngineSettings()
    papers: PaperSettings = PaperSettings()
    model: ModelSettings = ModelSettings()
    library: LibrarySettings = LibrarySettings()
    contact: Annotated[str, Field("A mail address that scholarly services are given, as they ask for.")] = ""
