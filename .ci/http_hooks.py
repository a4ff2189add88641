"""What no schema can say of a request, so that the fuzzer's requests are mostly good ones."""

import re
import zlib

import schemathesis

E164 = re.compile(r"^\+[1-9][0-9]{6,14}$")


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict):
        to = body.get("to")
        if isinstance(to, str) and E164.match(to):  # a number that its country can have, out of a range for fiction
            body["to"] = "+1202555%04d" % (100 + zlib.crc32(to.encode()) % 100)
        if isinstance(body.get("lifetimeSeconds"), float) and body["lifetimeSeconds"].is_integer():
            body["lifetimeSeconds"] = int(body["lifetimeSeconds"])  # 5.0 is an integer to JSON Schema, and not to Petrel
        if body.get("supersedes") is not None and body.get("supersedes") == body.get("requestId"):
            del body["supersedes"]
    return body
