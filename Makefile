# pagemill. `make help` lists the targets; everything lands in build/$(BUILD)/.

VERSION := 0.1.0
BUILD   ?= release
OUT     := build/$(BUILD)
PREFIX  ?= /usr/local
CC      ?= cc
CXX     ?= c++
PKGS    := rdkafka jansson libpcre2-8 libidn2 nettle libmicrohttpd zlib libdeflate libbrotlidec libzstd

# -- modes ---------------------------------------------------------------------------------
OPT_release := -O2 -D_FORTIFY_SOURCE=2
OPT_debug   := -O0 -DPM_SLOW_ASSERTS
OPT_asan    := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -DPM_SLOW_ASSERTS
OPT_tsan    := -O1 -fsanitize=thread -DPM_SLOW_ASSERTS
OPT_cov     := -O0 --coverage
OPT_fuzz    := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -DPM_SLOW_ASSERTS
ifeq ($(BUILD),fuzz)
CC          := clang
CXX         := clang++
endif
comma := ,
SAN := $(filter -fsanitize% --coverage,$(OPT_$(BUILD)))

WARN     := -Wall -Wextra -Wshadow -Wpointer-arith -Wvla -Wno-unused-parameter -Wformat=2
WARN_C   := -Wstrict-prototypes -Wmissing-prototypes
ifeq ($(WERROR),1)
WARN     += -Werror
endif
BASE     := -g $(OPT_$(BUILD)) $(WARN) -fPIE -fstack-protector-strong -I. -I$(OUT)/gen \
            -DPM_VERSION='"$(VERSION)"' -DPM_DATADIR='"$(PREFIX)/share/pagemill"' -DPM_BUILD='"$(BUILD)"' -D_GNU_SOURCE $(CPPFLAGS)
# These need no library themselves; demo and the tests run deps first and make again.
BARE       := help clean deps deps-% demo test test-kafka
ifneq ($(filter-out $(BARE),$(or $(MAKECMDGOALS),all)),)
ifneq ($(shell pkg-config --exists $(PKGS) 2>/dev/null && echo found),found)
$(error a library is missing ($(PKGS)): run `make deps`)
endif
endif
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
ALL_CFLAGS   = -std=c11 $(BASE) $(WARN_C) $(PKG_CFLAGS) $(CFLAGS)
ALL_CXXFLAGS = -std=c++17 $(BASE) $(CXXFLAGS)
# libcld2_full first: it holds the big tables only and must interpose libcld2's small ones.
LIBS     := $(shell pkg-config --libs $(PKGS) 2>/dev/null) \
            -Wl,--push-state,--no-as-needed -lcld2_full -lcld2 -Wl,--pop-state -lpthread -ldl
LINK     = $(CXX) $(SAN) -pie -Wl,-z,relro,-z,now $(LDFLAGS)

# -- sources -------------------------------------------------------------------------------
FOLDERS  := core consumer filters producer stage
SRC      := $(filter-out stage/main.c core/gen/%.c filters/gen/%.c,$(sort $(wildcard $(FOLDERS:%=%/*.c) filters/*/*.c)))
SRC_CXX  := $(sort $(wildcard filters/*/*.cc))
HEADERS  := $(sort $(wildcard $(FOLDERS:%=%/*.h) filters/*/*.h tests/*.h))
OBJ      := $(SRC:%.c=$(OUT)/%.o) $(SRC_CXX:%.cc=$(OUT)/%.o)
LIB      := $(OUT)/libpagemill.a
PROGRAM  := $(OUT)/pagemill
UNIT     := $(patsubst tests/unit/%.c,$(OUT)/tests/unit/%,$(sort $(wildcard tests/unit/test_*.c)))
MOCK     := $(patsubst tests/mock/%.c,$(OUT)/tests/mock/%,$(sort $(wildcard tests/mock/test_*.c)))
FUZZ     := $(patsubst tests/fuzz/%.c,$(OUT)/tests/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))

ifeq ($(BUILD),tsan) # librdkafka's threads are of a kind that ThreadSanitizer doesn't know
LIBS     := $(OUT)/tests/tsan.o $(LIBS)
$(PROGRAM) $(OUT)/reference $(UNIT) $(MOCK): $(OUT)/tests/tsan.o
endif

ifeq ($(V),1)
Q :=
say :=
else
Q := @
say = @printf '  %-5s %s\n' $(1) $(2)
endif

# Every target with a help text is a name, not a file.
.PHONY: FORCE $(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' $(firstword $(MAKEFILE_LIST)))
.DELETE_ON_ERROR:
.SECONDARY:

all: $(PROGRAM) ## Build the program (needs what `make deps` installs)

help: ## This list
	$(Q)awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-14s %s\n", $$1, $$2}' Makefile

# -- set-up: the only targets that touch the network, and only when something is missing ------
deps: ## Install what building and running need (Debian, apt-get)
	$(Q)deploy/deps build run

deps-test: ## … and what the tests need
	$(Q)deploy/deps build run test

deps-kafka: ## … and what the tests against a real Kafka need
	$(Q)deploy/deps build run test kafka

$(PROGRAM): $(OUT)/stage/main.o $(LIB)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $< $(LIB) $(LIBS)

$(LIB): $(OBJ)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $(OBJ)

$(OUT)/%.o: %.c $(OUT)/flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/%.o: %.cc $(OUT)/flags
	$(call say,CXX,$<)
	$(Q)mkdir -p $(@D) && $(CXX) $(ALL_CXXFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/flags: FORCE # a changed compiler or flag rebuilds everything
	$(Q)mkdir -p $(@D); echo '$(CC) $(ALL_CFLAGS)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS)' > $@

# -- generated tables: $(OUT)/gen/NAME.inc is what the program FOLDER/gen/NAME.c prints -----
GEN := $(sort $(wildcard core/gen/*.c filters/gen/*.c))
$(OUT)/gen/bin/%: core/gen/%.c
	$(Q)mkdir -p $(@D) && $(CC) -std=c11 -O1 -g $(WARN) -D_GNU_SOURCE -I. -o $@ $< $(GEN_LIBS_$*)
$(OUT)/gen/bin/%: filters/gen/%.c
	$(Q)mkdir -p $(@D) && $(CC) -std=c11 -O1 -g $(WARN) -D_GNU_SOURCE -I. -o $@ $< $(GEN_LIBS_$*)
$(OUT)/gen/%.inc: $(OUT)/gen/bin/%
	$(call say,GEN,$@)
	$(Q)$< > $@
# A generator that reads data of ours reads it from its standard input.
$(OUT)/gen/main_words.inc: $(OUT)/gen/bin/main_words filters/data/main_words.txt
	$(call say,GEN,$@)
	$(Q)$< < filters/data/main_words.txt > $@
$(OUT)/gen/bin/main_words: filters/extract/main_impl.h
BOILERPLATE := filters/data/boilerplate_words.txt filters/data/boilerplate_phrases.txt
$(OUT)/gen/bin/boilerplate: filters/boilerplate/phrase.h filters/furniture.h filters/boilerplate/letter.c core/utf8.c
$(OUT)/gen/boilerplate.inc: $(OUT)/gen/bin/boilerplate $(BOILERPLATE)
	$(call say,GEN,$@)
	$(Q)cat $(BOILERPLATE) | $< > $@
$(OUT)/filters/boilerplate/phrase.o: $(OUT)/gen/boilerplate.inc
$(OUT)/filters/decode/tables.o: $(OUT)/gen/charset.inc
$(OUT)/gen/bin/html_names: filters/extract/elements.h
$(OUT)/filters/extract/html_names.o: $(OUT)/gen/html_names.inc
$(OUT)/filters/extract/entity.o: $(OUT)/gen/html_entities.inc
$(OUT)/filters/extract/nfc.o: $(OUT)/gen/unicode.inc
$(OUT)/filters/extract/main_model.o: $(OUT)/gen/main_words.inc
$(OUT)/filters/repair/chars.o $(OUT)/filters/repair/mojibake.o: $(OUT)/gen/repair_chars.inc
$(OUT)/gen/bin/repair_names $(OUT)/gen/bin/repair_words: filters/repair/word_hash.h
GEN_LIBS_repair_names := -licuuc -licui18n -licudata
GEN_LIBS_repair_words := -licuuc
$(OUT)/gen/repair_words.inc: $(OUT)/gen/bin/repair_words filters/data/repair_words.txt
	$(call say,GEN,$@)
	$(Q)$< < filters/data/repair_words.txt > $@
$(OUT)/filters/repair/lists.o: $(OUT)/gen/repair_names.inc $(OUT)/gen/repair_words.inc
GEN_LIBS_psl := -lidn2
GEN_LIBS_months := -licui18n -licuuc
$(OUT)/filters/extract/date.o: $(OUT)/gen/months.inc
$(OUT)/gen/bin/psl: core/psl_hash.h
$(OUT)/core/psl.o: $(OUT)/gen/psl.inc
$(OUT)/filters/decode/guess.o: $(OUT)/gen/guess.inc
$(OUT)/gen/psl.inc: /usr/share/publicsuffix/public_suffix_list.dat

# -- for newcomers, packagers and writers ----------------------------------------------------
demo: ## Everything once: install what is missing, build, run on an embedded broker
	$(Q)deploy/deps build run
	$(Q)$(MAKE) --no-print-directory all
	$(Q)$(PROGRAM) demo --input deploy/demo

DOCS := filters:FILTERS configuration:CONFIGURATION metrics:METRICS
$(OUT)/reference: $(OUT)/stage/gen/reference.o $(LIB)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $< $(LIB) $(LIBS)
docs: $(OUT)/reference ## Write the reference in docs/ from the tables in the code
	$(Q)set -e; for d in $(DOCS); do $(OUT)/reference $${d%:*} > docs/$${d#*:}.md; done

install: $(PROGRAM) ## Put program, demo pages and docs under DESTDIR/PREFIX
	$(Q)install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/pagemill/demo $(DESTDIR)$(PREFIX)/share/doc/pagemill
	$(Q)install $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/pagemill
	$(Q)install -m 644 deploy/demo/* $(DESTDIR)$(PREFIX)/share/pagemill/demo
	$(Q)install -m 644 deploy/pagemill.json $(DESTDIR)$(PREFIX)/share/pagemill
	$(Q)install -m 644 README.md LICENSE NOTICE docs/* $(DESTDIR)$(PREFIX)/share/doc/pagemill

# -- training: what the models in filters/data are made from -----------------------------------
$(OUT)/tests/train/%: $(OUT)/tests/train/%.o $(LIB)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $< $(LIB) $(LIBS)

# -- tests ---------------------------------------------------------------------------------
# A machine as it comes: installs, builds and tests; what needs more than Debian has targets of its own.
test: ## Everything once: install what is missing, build, pass the tests
	$(Q)deploy/deps build run test
	$(Q)$(MAKE) --no-print-directory suites

SUITES ?= headers unit schema golden guard repair chain mock simulate test-docs scripts tidy
JOBS   := $(shell nproc)
suites: # one after the other, as they measure time and memory; the building before is not
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) all $(UNIT) $(MOCK)
	$(Q)set -e; for s in $(SUITES); do echo "== $$s"; $(MAKE) --no-print-directory $$s; done

$(OUT)/tests/unit/%: $(OUT)/tests/unit/%.o $(LIB)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $< $(LIB) $(LIBS)

unit: $(UNIT) ## Unit tests; T=name runs one
	$(Q)set -e; for t in $(if $(T),$(OUT)/tests/unit/test_$(T),$(UNIT)); do $$t; done

schema: $(OUT)/tests/unit/test_record ## A full record against docs/record.schema.json
	$(Q)$< --print | tests/schema/validate

$(OUT)/tests/mock/%: $(OUT)/tests/mock/%.o $(LIB)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $< $(LIB) $(LIBS)

mock: $(MOCK) ## Tests against librdkafka's mock cluster, with injected errors; T=name runs one
	$(Q)set -e; for t in $(if $(T),$(OUT)/tests/mock/test_$(T),$(MOCK)); do timeout 120 $$t; done

golden: $(PROGRAM) ## Pages and the records they must give; UPDATE=1 rewrites these, T=filter/case runs one
	$(Q)PAGEMILL=$(PROGRAM) tests/golden/run $(T)

# What the program has no doors for is put in by preloading.
$(OUT)/tests/faults/%.so: tests/faults/%.c $(OUT)/flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) -std=c11 -O1 -g $(WARN) -D_GNU_SOURCE -fPIC -shared -o $@ $< -ldl

chain: $(PROGRAM) $(OUT)/tests/faults/marked.so ## The whole program without Kafka; T=name runs one
	$(Q)PAGEMILL=$(PROGRAM) tests/chain/run $(T)

$(OUT)/tests/guard/%: $(OUT)/tests/guard/%.o $(LIB)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $< $(LIB) $(LIBS)

guard: $(OUT)/tests/guard/guard ## A filter whose output changes has a new version
	$(Q)GUARD=$< tests/guard/run
guard-update: $(OUT)/tests/guard/guard ## Record what the filters give now; refused without a new version
	$(Q)GUARD=$< tests/guard/run --update

# The engine alone, among simulated brokers, workers and owners: no library takes part.
SIMULATE := $(OUT)/tests/simulation/simulate
SIM_OBJ  := $(patsubst %.c,$(OUT)/%.o,$(sort $(wildcard tests/simulation/*.c))) $(OUT)/core/sure.o
$(SIMULATE): $(SIM_OBJ) $(patsubst %.c,$(OUT)/%.o,$(sort $(wildcard stage/engine*.c)))
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^

SCHEDULES ?= 20000
simulate: $(SIMULATE) ## The engine through SCHEDULES=n seeded schedules (20000); seeded bugs are found
	$(Q)SIMULATE=$(SIMULATE) SCHEDULES=$(SCHEDULES) OBJECTS='$(SIM_OBJ)' CC='$(CC)' \
		FLAGS='-std=c11 -g $(OPT_$(BUILD)) -D_GNU_SOURCE -I.' tests/simulation/run

test-kafka: ## The program against a real Kafka broker; ONLY=name runs one scenario
	$(Q)deploy/deps build run kafka
	$(Q)$(MAKE) --no-print-directory all $(OUT)/tests/faults/marked.so
	$(Q)PAGEMILL=$(PROGRAM) tests/kafka/run $(if $(ONLY),--only $(ONLY))

repair: $(PROGRAM) ## Faults put into clean texts: what comes back, and what changes that was right; SETS=DIR adds texts
	$(Q)PAGEMILL=$(PROGRAM) tests/repair/judge $(if $(SETS),--sets $(SETS))

# EVALUATE is the judge: it scores a folder of predictions against a set's truth.
eval: $(PROGRAM) ## Accuracy over sets of pages: SETS=DIR EVALUATE=PROGRAM [SET=a,b] [ARGS=…] [EVALOUT=DIR]
	$(Q)tests/eval/evaluate.py --pagemill $(PROGRAM) --sets $(or $(SETS),$(error SETS is missing)) \
		--evaluate $(or $(EVALUATE),$(error EVALUATE is missing)) --out $(or $(EVALOUT),build/eval) \
		$(if $(SET),--set $(SET)) $(ARGS)

eval-peers: $(PROGRAM) ## … of others, from PyPI: SETS=DIR EVALUATE=PROGRAM [SET=a,b] [PEER=a,b]
	$(Q)PAGEMILL=$(PROGRAM) tests/eval/peers.py --sets $(or $(SETS),$(error SETS is missing)) \
		--evaluate $(or $(EVALUATE),$(error EVALUATE is missing)) $(if $(SET),--set $(SET)) \
		$(if $(PEER),--peer $(PEER))

# FLAT holds the sets' pages flattened, as SET/WAY/ID.txt.
eval-flat: $(PROGRAM) ## … over flattened text: FLAT=DIR SETS=DIR EVALUATE=PROGRAM [SET=a,b] [ARGS=…]
	$(Q)tests/eval/flat.py --pagemill $(PROGRAM) --sets $(or $(SETS),$(error SETS is missing)) \
		--flat $(or $(FLAT),$(error FLAT is missing)) $(if $(SET),--set $(SET)) \
		--evaluate $(or $(EVALUATE),$(error EVALUATE is missing)) $(ARGS)

# Where memory is asked for, it can be refused.
TORTURE := $(OUT)/tests/torture/torture
$(TORTURE): $(OUT)/tests/torture/torture.o $(LIB)
	$(call say,LINK,$@)
	$(Q)$(LINK) $(patsubst %,-Wl$(comma)--wrap=%,malloc calloc realloc reallocarray strdup strndup mmap pthread_create) \
		-o $@ $< $(LIB) $(LIBS)

torture: $(TORTURE) $(PROGRAM) ## Every request for memory refused in turn: a message and a status, never a crash
	$(Q)TORTURE=$< PAGEMILL=$(PROGRAM) tests/torture/run

$(OUT)/tests/bench/%: $(OUT)/tests/bench/%.o $(LIB)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $< $(LIB) $(LIBS)

test-docs: $(PROGRAM) ## What README and docs/ say: commands, files, examples, tables
	$(Q)PAGEMILL=$(PROGRAM) tests/docs/run

# Parsers of others that build trees to compare with, from Debian.
ORACLE := $(OUT)/tests/oracle/oracle
$(ORACLE): $(patsubst %.c,$(OUT)/%.o,$(sort $(wildcard tests/oracle/*.c))) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $^ -lgumbo -lmodest $(LIBS)

oracle: $(ORACLE) $(PROGRAM) ## Text beside two HTML5 parsers' and html5lib's cases; SETS=DIR takes the pages of DIR/*/pages
	$(Q)PAGEMILL=$(PROGRAM) ORACLE=$(ORACLE) tests/oracle/run $(if $(SETS),--sets $(SETS)) $(ARGS)

bench: $(OUT)/tests/bench/bench $(PROGRAM) ## Speed of each step; SETS=DIR takes the pages of DIR/*/pages
	$(Q)tests/bench/run --out $(OUT) $(if $(SETS),--sets $(SETS)) $(if $(PAGES),--pages $(PAGES))

bench-peers: $(OUT)/tests/bench/bench $(PROGRAM) ## enrich beside trafilatura, resiliparse, lexbor (from PyPI); SETS=DIR, PAGES=n of each set
	$(Q)tests/bench/peers --out $(OUT) $(if $(SETS),--sets $(SETS)) $(if $(PAGES),--pages $(PAGES))

warc: $(PROGRAM) $(OUT)/tests/bench/warc_read ## WARC files written by warcio (PyPI) through enrich: same records, speed, memory
	$(Q)PAGEMILL=$(PROGRAM) READ=$(OUT)/tests/bench/warc_read tests/warc/run $(RECORDS)

# filters/list.h is a table that its readers give a meaning by a macro.
headers: $(patsubst %.h,$(OUT)/%.hok,$(filter-out filters/list.h,$(HEADERS))) ## Every header compiles alone
$(OUT)/%.hok: %.h $(OUT)/flags
	$(Q)mkdir -p $(@D) && echo '#include "$<"' | $(CC) $(ALL_CFLAGS) -fsyntax-only -xc - && touch $@

scripts: ## Tests of the shell scripts, on a machine made of stubs
	$(Q)tests/deploy/deps

tidy: $(OUT)/reference ## What must agree agrees: includes, docs, filters and their cases, form
	$(Q)tests/tidy/includes
	$(Q)OUT=$(OUT) tests/tidy/agree

# libFuzzer declares its entry nowhere.
$(OUT)/tests/fuzz/%.o: private WARN_C := -Wstrict-prototypes
$(OUT)/tests/fuzz/%: $(OUT)/tests/fuzz/%.o $(LIB)
	$(call say,LINK,$@)
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $< $(LIB) $(LIBS)

SECONDS ?= 60
ifeq ($(BUILD),fuzz)
fuzz: $(if $(T),$(OUT)/tests/fuzz/fuzz_$(T),$(FUZZ)) ## Fuzz every target; T=name runs one, SECONDS=n each (60)
	$(Q)set -e; for t in $^; do n=$${t##*/fuzz_}; corpus=$(OUT)/corpus/$$n; mkdir -p $$corpus; \
		test ! -d tests/fuzz/seeds/$$n || seeds=tests/fuzz/seeds/$$n; echo "  FUZZ  $$n"; \
		$$t -max_total_time=$(SECONDS) -timeout=10 -artifact_prefix=$(OUT)/$$n- -verbosity=0 \
			-print_final_stats=1 $$corpus $${seeds-}; unset seeds; done
else
fuzz:
	$(Q)$(MAKE) --no-print-directory BUILD=fuzz fuzz
endif

clean: ## Remove build/
	$(Q)rm -rf build

-include $(OBJ:.o=.d) $(UNIT:=.d) $(MOCK:=.d) $(FUZZ:=.d) $(SIM_OBJ:.o=.d) $(OUT)/tests/guard/guard.d $(OUT)/tests/bench/bench.d $(OUT)/tests/train/pieces.d
