export const enrolEn = {
  way: "How its agent runs",
  ways: {
    kubectl: "In the cluster, by one kubectl line",
    anywhere: "Anywhere with a kubeconfig, from a copy of this project",
  },
  rights: "What its agent may do",
  rightsChoices: {
    read: "Look only",
    operator: "Look, restart, scale, roll out, cordon and drain",
    resources: "All that, and apply and delete other objects",
  },
  noImage: "For the kubectl line the master needs to know the agent's image: set ATLHYPER_AGENT_IMAGE.",
  title: (name: string) => `Connect ${name}`,
  run: "Run this where kubectl reaches the cluster. It works once, and its token is shown only now:",
  look: "Look at the manifest first",
  lookHow: "That uses nothing up.",
  reach: (url: string) => `The agent has to reach ${url} from within the cluster.`,
  loopback:
    "That is this machine alone: open these pages by an address that the cluster reaches, or set ATLHYPER_PUBLIC_URL.",
  pending: "Clusters being connected",
  steps: {
    made: "Line made",
    fetched: "Manifest fetched by kubectl",
    exchanged: "Agent has its own token",
    connected: "Agent is heard",
  },
  waiting: "waiting",
  validFor: "The line is valid for another",
  expired: "The line has expired.",
  setUp: "Set up",
  setUpText:
    "You get a kubectl line that sets its agent up, also anew. The agent that runs goes on until the line is applied.",
  again: "Make a new line",
};
