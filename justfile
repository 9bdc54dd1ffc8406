# What is run most often. `scripts/ready` is the same without `just`.

# List the recipes
default:
    @just --list

# Everything that a change must pass; continuous integration runs the same
ready:
    scripts/ready

# Tests that match a name
test *name:
    cargo test {{ name }}

# Property tests, again and again with new random cases
deep rounds="20":
    cargo test --release --no-run
    for round in $(seq {{ rounds }}); do cargo test --release --quiet || exit 1; done

# The policy engine against the evaluator that tries, and 20,000 pairs of the policies that AWS manages; counts are printed
deep-policies cases="100000":
    LEASTWISE_DEEP={{ cases }} cargo test --release --test policy_algebra --test policy_managed -- --nocapture

# Write the outputs in README.md, docs and examples anew; read the difference before committing it
refresh:
    UPDATE_DOCS=1 cargo test --test docs

# The expected answers under tests/cases, likewise
refresh-cases:
    UPDATE_CASES=1 cargo test --test cases

# The facts about AWS from their published sources (see CONTRIBUTING.md)
catalog:
    python3 -m venv target/catalog
    target/catalog/bin/pip install --quiet --requirement catalogs/build/requirements.txt
    npm install --prefix catalogs/build --ignore-scripts --no-package-lock --no-audit --no-fund --silent
    target/catalog/bin/python catalogs/build/build.py
