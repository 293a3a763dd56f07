import { whoIsMe } from "../app/api.js";
import { t } from "../ui/words.js";

/** Agents and workflows: what they do, what they ask for, and where they are tried. */
export default {
    entries: () => [
        { group: "Top", label: t("Approvals"), path: "/approvals", permission: "approvals:read", count: "approvals" },
        { group: "Automation", label: t("Agents"), path: "/agents", permission: "agents:read" },
        // Runs are the whole agency's.
        ...whoIsMe()?.client ? []
            : [{ group: "Automation", label: t("Runs"), path: "/runs", permission: "agents:read" }],
        { group: "Automation", label: t("Workflows"), path: "/workflows", permission: "workflows:read" },
        { group: "Automation", label: t("Sandboxes"), path: "/sandboxes", permission: "sandboxes:read" },
    ],
    views: {
        "/agents": () => import("../app/views/agents.js").then(({ agents }) => agents),
        "/agents/{name}": () => import("../app/views/agent.js").then(({ agent }) => agent),
        "/runs": () => import("../app/views/runs.js").then(({ agentRuns }) => agentRuns),
        "/runs/{id}": () => import("../app/views/agentrun.js").then(({ agentRun }) => agentRun),
        "/workflow-runs": () => import("../app/views/runs.js").then(({ workflowRuns }) => workflowRuns),
        "/workflow-runs/{id}": () => import("../app/views/workflowrun.js").then(({ workflowRun }) => workflowRun),
        "/workflows": () => import("../app/views/workflows.js").then(({ workflows }) => workflows),
        "/workflows/{id}": () => import("../app/views/workflows.js").then(({ workflow }) => workflow),
        "/approvals": () => import("../app/views/approvals.js").then(({ approvals }) => approvals),
        "/approvals/{id}": () => import("../app/views/approvals.js").then(({ approval }) => approval),
        "/sandboxes": () => import("../app/views/sandboxes.js").then(({ sandboxes }) => sandboxes),
        "/sandboxes/new": () => import("../app/views/sandboxes.js").then(({ newSandbox }) => newSandbox),
        "/sandboxes/{id}": () => import("../app/views/sandbox.js").then(({ sandbox }) => sandbox),
    },
    places: {
        agent: "/agents", agent_run: "/runs", workflow: "/workflows", wfl: "/workflows", approval: "/approvals",
        workflow_run: "/workflow-runs", sandbox: "/sandboxes",
    },
    counts: {
        approvals: {
            permission: "approvals:read", path: "/v1/approvals?status=pending&limit=1&fields=id&total=true",
            on: "approval.*",
        },
    },
    palette: () => [
        { text: t("New sandbox"), path: "/sandboxes/new", permission: "sandboxes:write", makes: true },
    ],
    today: () => [
        {
            permission: "approvals:decide",
            waits: (signal) => import("../app/today/automation.js").then(({ waits }) => waits(signal)),
        },
    ],
};
