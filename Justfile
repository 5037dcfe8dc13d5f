export PATH := justfile_directory() / "node_modules/.bin:" + env("PATH")

# list the recipes
default:
    @just --list --unsorted

# format, lint, types, unit tests: what has to be green before a commit
ok: format-check lint types test

# rewrite every file in the one format
format:
    biome format --write .

format-check:
    biome format .

# the rules, room borders among them
lint:
    biome lint --error-on-warnings .

types:
    tsc --noEmit
    tsc --noEmit -p e2e

# unit tests, beside the sources
test *names:
    bun test --parallel=4 --no-isolate --timeout 20000 {{names}}

# master, agent and probe in one process
up *args:
    bun main.ts up {{args}}

# the probe as a static binary for every kind of machine, into dist/
probe *targets:
    bun probe/native/make/main.ts {{targets}}

# the images of all services, each for all kinds of machines or some, into dist/images/
images *architectures:
    bun manifests/images/main.ts {{architectures}}

# the Helm chart of the manifests, into dist/
chart:
    bun manifests/chart/main.ts

# everything into the cluster of kubectl's current context; again, it upgrades
deploy *args:
    bun manifests/deploy/main.ts deploy {{args}}

# takes all of it away again, with its data
undeploy:
    bun manifests/deploy/main.ts undeploy

# what runs where in which version, and what is wrong
status:
    bun manifests/deploy/main.ts status

# one archive with images and manifests, for where no registry is reached, into dist/
bundle:
    bun manifests/deploy/main.ts bundle

# a copy of the master's data, taken while it runs
backup file:
    bun manifests/deploy/main.ts backup {{file}}

# a backup in the place of the master's data
restore file:
    bun manifests/deploy/main.ts restore {{file}}

# one bench, or all of them with their small sizes
bench name="":
    bun bench/run.ts {{name}}
