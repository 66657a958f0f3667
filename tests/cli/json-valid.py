# json-valid - does standard input hold JSON that the schema allows, one value a line or one in all? Status 77 when there is nothing to
# check with. json-valid.py SCHEMA
import json
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(77)
with open(sys.argv[1], encoding="utf-8") as f:
    schema = json.load(f)
text = sys.stdin.read()
try:
    values = [json.loads(text)]
except ValueError:
    values = [json.loads(line) for line in text.splitlines()]
validator_class = jsonschema.validators.validator_for(schema)
validator_class.check_schema(schema)
bad = 0
for value in values:
    for error in validator_class(schema).iter_errors(value):
        print("/".join(str(p) for p in error.absolute_path) + ": " + error.message[:300])
        bad = 1
sys.exit(bad or not values)
