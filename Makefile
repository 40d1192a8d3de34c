# Everything a user needs: `make run` to see it work, `make test` to check it, `make install` to keep it.
SWIFT ?= swift
PREFIX ?= /usr/local
BUILD_FLAGS := --explicit-target-dependency-import-check error
PACKAGES := libmaxminddb-dev libpcap-dev libyaml-dev libvectorscan-dev zlib1g-dev pkg-config tzdata
RELEASE := .build/release/ringwatch
TUNED_RELEASE := .build/tuned/release/ringwatch
TUNED ?=

# Seconds for each target of `make fuzz`.
TIME ?= 60

# Folders of captures for `make sanitize`, beside Fixtures.
CAPTURES ?=

.PHONY: all run test deps build release tuned check fuzz sanitize lab install uninstall docs clean

all: build

run: release
	$(RELEASE) run -r Fixtures/mixed.pcap -S rules -l ringwatch-out --overwrite
	@echo
	@echo "The log: ringwatch-out/eve.json. Try: $(RELEASE) run -r YOUR.pcap"

test: deps
	$(SWIFT) build --build-tests $(BUILD_FLAGS)
	$(SWIFT) test --skip-build
	.build/debug/ringwatch check rules
	.build/debug/ringwatch test rules

build: deps
	$(SWIFT) build $(BUILD_FLAGS)

release: deps
	$(SWIFT) build -c release $(BUILD_FLAGS) --product ringwatch

# The same program for a busy line: built twice, the second time after what the first was seen to do (ten to fifteen minutes).
# TUNED=1 makes `make install` install it.
tuned: deps
	SWIFT="$(SWIFT)" BUILD_FLAGS="$(BUILD_FLAGS)" Benchmarks/tuned.sh

# Installs the system libraries that are missing; does nothing and needs no rights when all are there.
deps:
	@missing=""; for package in $(PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "Installing$$missing"; \
	  as_root=""; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	  $$as_root apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq --no-install-recommends $$missing; \
	fi

# The reference pages and schemas that are generated from the catalogues of fields and faults and from the
# keys of the rule language.
docs: build
	.build/debug/ringwatch fields --format markdown > docs/fields.md
	.build/debug/ringwatch fields --format anomalies > docs/anomalies.md
	.build/debug/ringwatch fields --format eve-schema > docs/schema/eve.schema.json
	.build/debug/ringwatch fields --format rules-schema > docs/schema/rules.schema.json
	.build/debug/ringwatch fields --format report-schema > docs/schema/report.schema.json

check:
	./check

fuzz: deps
	Fuzz/run.sh $(TIME)

# All tests, and the program over captures, with the thread and the address sanitizer; ONLY=address runs that one.
sanitize: deps
	CAPTURES="$(CAPTURES)" Tests/Sanitizers/run.sh $(ONLY)

# Real attackers and phones against the shipped rules, in network namespaces (root; about six minutes). INSTALL=1 installs the
# Debian packages that it needs, ONLY="scan crack" plays these scenarios. See Tests/Lab/README.md.
lab: release
	Tests/Lab/run.sh $(if $(INSTALL),--install) $(ONLY)

install: $(if $(TUNED),tuned,release)
	install -D -m 755 $(if $(TUNED),$(TUNED_RELEASE),$(RELEASE)) $(DESTDIR)$(PREFIX)/bin/ringwatch
	find rules -type f -exec install -D -m 644 {} $(DESTDIR)$(PREFIX)/share/ringwatch/{} \;
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/ringwatch/scenarios Fixtures/Scenarios/*.yaml

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/ringwatch
	rm -rf $(DESTDIR)$(PREFIX)/share/ringwatch

clean:
	rm -rf .build ringwatch-out
