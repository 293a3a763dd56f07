extension FieldTexts {
    /// Members that mean the same in every object of that name: `parent.name: text`.
    static let ofMembers = """
        ClientOutlook.at: When it was judged; null: now, since it was not judged before.
        ClientOutlook.churn: How likely the client is to leave within a year.
        ClientOutlook.decision_id: The decision, which can be replayed; null: it was not judged before.
        ClientOutlook.factors: The factors for and against it, each with its evidence.
        ClientOutlook.growth: How likely the client is to pay more within a year.
        ClientOutlook.lifetime_value: The client's payments until it is likely to have left, at most five years' worth.
        ClientOutlook.model: The model that judged it.
        CostSummary.by: The same month by what was asked and by whom it was asked for.
        CostSummary.month: The cost of this month so far, and its expected total.
        CostSummary.proposals: The changes that would cost less, each with its consequence.
        EmailCheck.deliverability: Whether mail to the address arrives, as far as is known.
        EnrichmentPlanPatch.follows_yield: Whether the order of sources follows what they have found, and at what price.
        EnrichmentPlanPatch.max_cost_per_record: The most that asking about one record may cost; null: no limit.
        IntegrationUse.by: The present month by tool, agent and client.
        IntegrationUse.month: The present month so far, and what it will come to.
        IntegrationUse.return: The return on a year's calls: leads, how good they are, how many were won, and revenue.
        Portfolio.at_risk: The clients whose health is at risk, and those whose leaving the outlook foretells.
        Portfolio.capacity: The capacity of the agency's people in the next eight weeks, and the work that is planned.
        Portfolio.clients: How many clients the agency works for.
        Portfolio.concentration: The sum of squared shares of the fees, from 0 (spread) to 1 (all in one); null: not known.
        Portfolio.largest_share: The share of the fees that the largest client pays.
        Portfolio.monthly: The sum of the clients' monthly fees, in the agency's currency.
        Portfolio.pricing: Clients who pay far less for an hour of work than others do, those who pay least first.
        Portfolio.retention: How many of the clients of a year ago are still clients.
        Portfolio.warnings: The limits that are exceeded, each with its code.
        Problem.code: The code of the problem, for programs; it never changes.
        Problem.detail: The fault of this request, and what to do.
        Problem.errors: The faults of the body, all at once.
        Problem.request_id: Identifies the request in the server's log.
        Problem.status: The HTTP status.
        Problem.title: The problem in a few words.
        Problem.type: The page that explains the code: /problems/{code}.
        ReferralCredit.expired: Whether a rest is left that no invoice uses any more.
        ReferralCredit.expires_on: The last day on which an invoice uses the rest; null: it does not expire.
        ReferralCredit.rest: The rest of the credit.
        ReferralLink.url: The link, which opens a page on which others leave their names.
        SyncPreview.pull: The changes that a run would make here.
        SyncPreview.push: The changes that a run would make at the service.
        TrackingAnswer.accepted: How many events are stored.
        TrackingAnswer.rejected: The events that cannot be stored, each with its reason.
        TrackingAnswer.success: Whether the request was taken.
        WorkflowRun.event_id: The event that began the run; null: something else did.
        WorkflowRunPart.event_id: The event that began the run; null: something else did.
        actor.id: Identifies who acted.
        actor.type: The kind of actor: a user, an API key, an agent or the system.
        approved_by.id: Identifies who approved.
        approved_by.type: The kind of actor that approved: a user, an API key or the system.
        attempts.at: When the attempt was made.
        attempts.number: The number of the attempt, from 1.
        blackouts.days: The days of the week to which it applies; none: every day.
        blackouts.from: When the blackout begins, as HH:MM.
        blackouts.to: When the blackout ends, as HH:MM.
        business_hours.from: When business hours begin, as HH:MM.
        business_hours.to: When business hours end, as HH:MM.
        by.agents: The agents that used it, the most used first.
        by.campaigns: The campaigns for which it was used, the most used first.
        by.clients: The clients for whom it was used, the most used first.
        by.id: Identifies who decided.
        by.integrations: The integrations that were asked, the most used first.
        by.models: The models that were asked, the most used first.
        by.tools: The tools that used it, the most used first.
        by.type: The kind of actor that decided: a user, an API key, an agent or the system.
        calls.kind: Whether it is a call or a look at a screen together.
        calls.offered_at: When the call was offered.
        calls.url: The link to the call.
        capacity.free: The hours that are left.
        capacity.hours: The hours that people have.
        capacity.planned: The hours that open tasks are estimated at.
        capacity.weeks: The weeks, each by its Monday.
        charts.query: The query of the chart: the metric and the period.
        charts.title: The title of the chart.
        checks.detail: The finding of the check.
        checks.name: The name of the check.
        checks.ok: Whether the check passed.
        checks.state: Whether the check passed.
        churn.high: The upper end of the range.
        churn.low: The lower end of the range.
        churn.probability: The probability, from 0 to 1.
        circuit.failures: The failures in a row.
        circuit.opened_at: When it opened last.
        circuit.retry_at: When the service is asked again.
        circuit.state: Whether calls go through (closed), are stopped (open) or are tried again (half_open).
        circuits.failures: The failures in a row.
        circuits.provider: The provider that the circuit breaker guards.
        circuits.state: Whether calls go through (closed), are stopped (open) or are tried again (half_open).
        concentration.clients: Over clients.
        concentration.industries: Over the industries of clients, as far as they are known.
        concentration.sizes: Over the sizes of clients' companies, as far as they are known.
        created_by.id: Identifies who created it.
        created_by.type: The kind of actor that created it: a user, an API key, an agent or the system.
        credits.amount: How much of the credit was used.
        credits.description: Why the credit was given.
        days.bytes: How many bytes were sent and received.
        decided_by.id: Identifies who decided.
        decided_by.type: The kind of actor that decided: a user, an API key, an agent or the system.
        duty_hours.from: When duty begins, as HH:MM.
        duty_hours.to: When duty ends, as HH:MM.
        edges.from: The node that the edge leaves.
        edges.to: The node that the edge leads to.
        edges.when: The condition under which the edge is taken; none: always.
        error.code: The code of the error.
        error.detail: The error, in words.
        errors.choices: The values that are accepted.
        errors.code: The code of the fault; /problems/{code} explains it.
        errors.column: The column of the line in which reading stopped.
        errors.detail: The fault, and the value to send instead.
        errors.line: The line of the body in which reading stopped.
        errors.pointer: Where in the body the fault is, as a JSON Pointer.
        evidence.from: The value on the first day that is known.
        evidence.from_on: The first day that is known.
        evidence.metric: The name of the metric.
        evidence.metric_ids: The metrics that say so.
        evidence.source: Where the metric comes from.
        evidence.to: The value on the last day that is known.
        evidence.to_on: The last day that is known.
        evidence.unit: The unit that is counted, or a currency.
        factors.contribution: The amount that it added to the outcome, or took from it.
        factors.name: The name of the fact that was weighed.
        factors.reason: Why it counts.
        factors.value: The value that was weighed.
        factors.weight: How much the model gives to it.
        faults.side: The side that has the record: local or remote.
        fields.choices: The choices of the field.
        fields.label: The label that people read.
        fields.max_age: How old a value may be before sources are asked again, as an ISO 8601 duration.
        fields.min_confidence: The confidence that ends the search for a value, from 0 to 1.
        fields.name: The name of the field in answers.
        fields.required: Whether the field must be filled in.
        fields.sources: The sources that are asked, in this order.
        fields.type: The type of the field's values.
        figures.label: The name of the metric.
        figures.unit: The unit of the metric.
        figures.value: The value of the metric.
        findings.detail: The fault, in words.
        findings.kind: The kind of fault that was found.
        findings.quote: The words that it is about.
        from.id: Identifies the sender.
        from.type: The kind of sender: an agent, a user or the system.
        growth.factors: The factors for and against it, each with its evidence.
        growth.high: The upper end of the range.
        growth.low: The lower end of the range.
        growth.probability: The probability, from 0 to 1.
        history.kind: The kind of event at the node.
        history.node: The node that ran.
        history.output: The answer of the step.
        history.status: How the step ended.
        items.description: The description of the item, as the client reads it.
        lifetime_value.amount: The amount in minor units, such as cents.
        lifetime_value.high: The upper end of the range, in minor units.
        lifetime_value.low: The lower end of the range, in minor units.
        milestones.due: When the milestone is due.
        milestones.due_on: The day on which the milestone is due.
        milestones.name: The name of the milestone.
        model.name: The name of the model.
        model.training_size: How many clients it has learned from; 0: none.
        model.version: The version of the model.
        month.expected: The expected cost of the whole month.
        month.spent: The cost of the month so far.
        needs.text: The need, in the words of whoever has it.
        nodes.id: The name of the node, unique in the workflow.
        nodes.title: The title, as people read it.
        nodes.type: The kind of node, which says what it does.
        owner.id: Identifies what it belongs to.
        owner.type: The kind of owner: a user, an agent or a workflow.
        pricing.client_id: The client.
        pricing.evidence: The finished tasks that the hours are of, the newest first, at most 50.
        pricing.fee: The monthly fee of the client.
        pricing.hours: The hours of finished tasks in the last 90 days, as they were estimated.
        pricing.rate: The client's price of an hour.
        pricing.suggested_fee: The monthly fee at the usual price of an hour.
        pricing.tasks: How many finished tasks the hours are of.
        pricing.usual_rate: The usual price of an hour: the median of clients.
        proposals.consequence: The changes that would follow, and what is known of how well it works.
        proposals.saves: The monthly saving; nothing where it only lets more through.
        proposals.subject: The integration whose plan or place would change.
        proposals.title: The proposed action, in a few words.
        pull.archive: How many records are archived.
        pull.create: How many records are created.
        pull.skip: How many records are passed over.
        pull.unchanged: How many records stay as they are.
        pull.update: How many records are changed.
        push.create: How many records are created.
        push.skip: How many records are passed over.
        push.unchanged: How many records stay as they are.
        push.update: How many records are changed.
        quiet_hours.from: When quiet hours begin, as HH:MM.
        quiet_hours.to: When quiet hours end, as HH:MM.
        quota.left: How many calls are left.
        quota.limit: How many calls the period allows.
        quota.per: The period that the quota counts.
        quota.resets_at: When it is free again.
        quota.source: Whether the agency has set it (agency) or the service tells it (service).
        quota.used: How many calls have been made.
        reasons.code: The code of the reason.
        reasons.detail: The meaning of the reason.
        records.name: The name to publish the DNS record at.
        records.purpose: The purpose of the DNS record.
        records.strings: The value in pieces of at most 255 characters, as DNS servers store them.
        records.type: The type of the DNS record.
        records.value: The value of the DNS record.
        referred.company: The company of the person who was named.
        referred.email: The address of the person who was named.
        referred.name: The name of the person who was named.
        rejected.index: The place of the event in the batch, from 0.
        requested_by.id: Identifies who asked.
        requested_by.type: The kind of requester: a user, an agent, a workflow or the system.
        resolved_by.id: Identifies who resolved it.
        resolved_by.type: The kind of actor that resolved it: a user, an agent or the system.
        retention.kept: How many of them are still clients.
        retention.of: How many clients there were a year ago.
        retention.rate: The share that is kept; null: there were none.
        routes.category: The category that the ticket gets.
        routes.field: The field whose answer decides.
        routes.priority: The priority that the ticket gets.
        routes.team_id: The team that the ticket goes to.
        samples.side: The side on which it would happen: local or remote.
        sections.charts: The charts of the section.
        sections.figures: The metrics that the section shows.
        sections.text: The text of the section, as Markdown.
        sections.title: The heading of the section.
        sender.email: The address that mails are sent from.
        sender.name: The name that recipients see.
        services.description: The contents of the service.
        services.title: The name of the service.
        show_if.equals: The answer that shows the field.
        show_if.field: The field whose answer decides.
        sign_at.open: Whether it can be signed there now.
        sign_at.service: The service at which it is signed.
        sla.name: The name of the target.
        sla.target: The value that is promised, such as PT4H.
        started_by.id: Identifies who started it.
        started_by.type: The kind of starter: a user, an agent, a schedule, an event or the system.
        subject.id: Identifies the record that it is about.
        subject.type: The kind of record that it is about, such as lead.
        tally.name: The name of the variant.
        tax.name: The name of the tax, such as VAT.
        timers.node: The node that waits.
        triggers.on: The schedule, event type or message type that starts it.
        triggers.type: The kind of trigger of the agent: a schedule, an event or a message.
        variants.name: The name of the variant.
        variants.settings: The settings that the variant changes.
        variants.weight: The share of subjects that get the variant, relative to the others.
        versions.files: The files of the version.
        versions.notes: The notes on the version.
        versions.number: The number of the version, from 1.
        versions.text: The text of the version.
        warnings.code: The code of the warning.
        warnings.detail: The meaning of the warning.
        weeks.hours: The hours that people have in the week.
        weeks.planned: The hours that tasks due in the week are estimated at.
        weeks.week: The Monday of the week.
        weights.data_quality: The weight of the quality of records.
        weights.integrations: The weight of connected services.
        weights.maintenance: The weight of the database's maintenance.
        weights.performance: The weight of speed.
        why.code: Why it was this one, for programs.
        why.detail: Why it was this one, in words and figures.
        window.from: The beginning of the window, as HH:MM.
        window.to: The end of the window, as HH:MM.
        """
}
