// Everything that files say, read whole or not at all: configuration, roster,
// rules and their examples, conditions, secrets. All mistakes at once.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/load.h"
#include "daemon/app/campaign_plan.h"
#include "daemon/core/issue.h"
#include "daemon/core/pledge.h"
#include "daemon/core/redact.h"
#include "rules/condition.h"
#include "rules/pack.h"

namespace pw {

struct Setup {
  Config config;
  Roster roster;
  Connectors connectors;
  std::vector<RulePack> packs;
  std::string packs_text;  // all pack files one after another: what the log names by digest
  std::optional<cel::Program> statement{};
  std::vector<std::optional<cel::Program>> sink_conditions;  // beside config.sinks
  CampaignPlan plan;
};

// Nothing when `issues` has an error. Warnings are collected too. `read_secret`:
// this machine's secrets, unless a rehearsal brings its own.
std::optional<Setup> load_setup(const std::string& config_file, Issues& issues,
                                const SecretReader& read_secret = {});

// A credential that systemd gives to the service alone: $CREDENTIALS_DIRECTORY is not set.
bool is_for_service_alone(const SecretName& name);
// For commands beside the service, which send nothing: a stand-in takes the place of
// what is for the service alone, an address that leads nowhere and a token that nobody
// knows. Everything else is read, or is a mistake, as ever.
Result<std::string> secret_beside_service(const SecretName& name);

// Every secret of the configuration.
Redactor redactor_of(const Config& config);

// What all connectors in use declare, as one canonical JSON object.
std::string declarations_json(const Connectors& connectors, const Config& config);

}  // namespace pw
