"""The desk over HTTP (docs/protocol.md, Staff)."""
