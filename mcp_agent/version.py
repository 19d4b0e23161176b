"""The version, in one place for the code; a test holds it against the package's."""

VERSION = "0.1.0"
