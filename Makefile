# Everything here is one script or one Maven line; nothing exists only in CI. `make` alone prints what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
# Maven needs the JDK that scripts/find-java finds, wherever the machine keeps it.
MVN = JAVA_HOME="$$(scripts/find-java)" mvn -B -ntp -q

##@ Use
.PHONY: run
run: ## Set everything up and run Hearth on this machine until Ctrl-C
	@scripts/run

.PHONY: cluster
cluster: ## Start a real Kubernetes with Hearth's images in one container; prints how to point kubectl at it
	@scripts/cluster

.PHONY: deploy
deploy: ## Install the chart into that cluster, with warm browsers in each region
	@scripts/deploy

.PHONY: cluster-down
cluster-down: ## Remove that cluster
	@scripts/cluster down

.PHONY: bench-first-reply
bench-first-reply: ## Time claim → first CDP reply beside a cold launch
	@scripts/bench first-reply

.PHONY: bench-reset
bench-reset: ## Time a session's end → the next one's first result: a new pod beside a new Chrome in the same pod (3 min)
	@scripts/bench reset

.PHONY: bench-claims
bench-claims: ## Time claims beside other ways to give the same rows away, an hour and a half; HEARTH_BENCH_… shorten it
	@scripts/bench claims

.PHONY: bench-heartbeats
bench-heartbeats: ## Let 10k … 500k simulated browsers beat to a gateway, beside row-by-row writes (40 min)
	@scripts/bench heartbeats

.PHONY: bench-snapshot
bench-snapshot: ## What somebody's open transaction costs claims and beats, and how soon they recover (6 min)
	@scripts/bench snapshot

.PHONY: bench-endurance
bench-endurance: ## A million claims while gateways, backends and PostgreSQL are killed: is anything lost or given twice?
	@scripts/bench endurance

##@ Develop
.PHONY: test
test: ## Set everything up and run every tier of tests
	@scripts/test

.PHONY: unit
unit: ## Run the decision and shape tests only (no neighbours needed)
	@$(MVN) test

.PHONY: it
it: ## Run the tests against one real neighbour each
	@scripts/test it

.PHONY: e2e
e2e: ## Run the journeys
	@scripts/test e2e

.PHONY: cluster-test
cluster-test: ## Run the tests on a real cluster, two regions in one container
	@scripts/test cluster

.PHONY: build
build: ## Build the application and the agent
	@scripts/build

.PHONY: images
images: ## Build the images whose inputs changed
	@scripts/images

.PHONY: cluster-sandbox
cluster-sandbox: ## Prove Chromium's own sandbox in a restricted pod of the cluster
	@scripts/cluster sandbox

.PHONY: format
format: ## Format the Java sources
	@$(MVN) com.diffplug.spotless:spotless-maven-plugin:apply

.PHONY: crds
crds: ## Write crds/ anew from the types
	@$(MVN) test -Dtest=CrdDriftTest -Dhearth.crds.write=true

.PHONY: manifests
manifests: ## Write manifests/install.yaml anew from the chart
	@$(MVN) test -Dtest=InstallManifestDriftTest -Dhearth.manifests.write=true

.PHONY: clean
clean: ## Remove what builds and runs left in this checkout (shared caches stay)
	@rm -rf target .hearth src/test/node/node_modules src/test/python/.venv

.PHONY: help
help: ## Print this
	@awk 'BEGIN {FS = ":.*##"} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*##/ {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
