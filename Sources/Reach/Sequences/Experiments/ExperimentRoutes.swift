internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Messages
internal import Records
internal import Routing
internal import RuntimeRoutes

func experimentRoutes(_ routes: inout Routes, _ dependencies: SequenceDependencies) {
    routes.standard(
        Experiment.resource, read: "experiments:read", write: "experiments:write", create: false,
        delete: false)
    routes.creation(of: Experiment.resource, "experiments:write", "Create an experiment") {
        experiment, call, tx in
        let unknown = try dependencies.segmentFaults(experiment, in: tx)
        do {
            if experiment.kind != .sequenceStep {
                let faults =
                    experiment.kind.isOfFilm
                    ? try dependencies.filmFaults(tx, experiment)
                    : try dependencies.offerFaults(tx, experiment)
                guard faults.isEmpty else { throw Problem(faults: faults) }
            }
            try tx.create(&experiment, by: call.actor)
            if experiment.kind.isOfFilm { try dependencies.beginFilm(tx, experiment) }
            // The experiment is undone, too: all faults are named at once.
            guard unknown.isEmpty else { throw Problem(faults: []) }
        } catch let problem as Problem where !unknown.isEmpty {
            throw Problem(faults: problem.faults).joined(by: unknown)
        }
    }
    routes.schema("ExperimentResults", resultsSchema)
    routes.get(
        "/v1/experiments/{id}/results", .permission("experiments:read"),
        "Get the results of an experiment, with each variant's rate and interval",
        .json(.reference("ExperimentResults"), "The results so far.")
    ) { call in
        let id = try call.id("id", of: Experiment.self)
        return .read { .json(try Experiment.resource.get(id, in: $0).results(in: $0)) }
    }
    routes.post(
        "/v1/experiments/{id}/stop", .permission("experiments:write"),
        "Stop an experiment without a result, or end the use of the winning package",
        .record(Experiment.resource)
    ) { call in
        let id = try call.id("id", of: Experiment.self)
        return .write { tx in
            let old = try Experiment.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            // Of two packages one stands for the other for as long as that is applied.
            guard old.status == .running || (old.kind == .package && old.status == .applied) else {
                throw Problem(
                    .invalidTransition, "The experiment is \(old.status.rawValue) and cannot be stopped.",
                    extra: ["allowed": []])
            }
            var stopped = old
            stopped.status = .stopped
            if old.status == .running { stopped.result = try old.results(in: tx) }
            try tx.update(old, to: &stopped, by: call.actor, action: "experiment.stopped")
            if old.kind.isOfFilm {
                try dependencies.setFilm(tx, stopped, stopped.variants.list[0], call.actor)
            }
            return .record(stopped)
        }
    }
    routes.post(
        "/v1/experiments/{id}/apply",
        .permission(
            "experiments:write"), "Apply the winning variant of an experiment",
        .record(Experiment.resource)
    ) { call in
        let id = try call.id("id", of: Experiment.self)
        return .write { tx in
            let experiment = try Experiment.resource.get(id, in: tx)
            try call.checkVersion(experiment.version)
            try tx.experiments.apply(experiment, by: call.actor, dependencies)
            return .record(try Experiment.resource.get(id, in: tx))
        }
    }
}

extension SequenceDependencies {
    fileprivate func segmentFaults(_ experiment: Experiment, in tx: Transaction) throws -> [Fault] {
        guard let segment = experiment.segmentID, try segmentPeople(tx, segment, "", 1) == nil else {
            return []
        }
        return [Fault("/segment_id", "unknown_reference", "The segment does not exist: name another.")]
    }
}

private let resultsSchema: JSON = {
    let count: JSON = ["type": "integer"]
    let variant = JSON.schema(
        [
            "name": ["type": "string"], "assigned": count, "sent": count, "replied": count, "positive": count,
            "converted": count,
            "days": ["type": "integer", "description": "Of a film: the days that count."],
            "views": ["type": "integer", "description": "Of a film: how often it was viewed on them."],
            "watch_minutes": ["type": "integer", "description": "Of a film: for how long, all together."],
            "rate": [
                "type": "number",
                "description": "The part of the people who did it; of a film, views or minutes of a day.",
            ],
            "difference": [
                "type": ["number", "null"],
                "description":
                    "From the first variant: of rates, or of a film as a part of it (0.2: a fifth more).",
            ],
            "interval": ["type": ["array", "null"], "items": ["type": "number"]],
            "p_value": ["type": ["number", "null"]], "significant": ["type": "boolean"],
        ], required: ["name", "rate", "significant"])
    let day = JSON.schema(
        [
            "day": ["type": "string", "format": "date", "description": "By the clock of the network."],
            "variant": ["type": "string", "description": "The name of the variant that has the day."],
            "state": [
                "enum": JSON(ExperimentDay.State.allCases.map(\.rawValue)),
                "description": "planned; counts; spoiled: it did not stand for all of the day; untold.",
            ],
            "views": ["type": ["integer", "null"], "description": "How often it was seen on the day."],
            "watch_minutes": [
                "type": ["integer", "null"],
                "description": "For how long it was watched on the day, all together.",
            ],
        ], required: ["day", "variant", "state"])
    return .schema(
        [
            "experiment_id": ["type": "string"], "status": ["type": "string"], "goal": ["type": "string"],
            "winner": ["type": ["string", "null"]], "variants": ["type": "array", "items": variant],
            "days": ["type": "array", "items": day, "description": "Of a film: the days, the first first."],
            "method": ["type": "string"],
        ], required: ["experiment_id", "status", "goal", "winner", "variants", "method"])
}()
