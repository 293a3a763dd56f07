import Routing
import Testing

@testable import Records

@Suite struct OperationNameTests {
    @Test(arguments: [
        ("GET", "/v1/leads", true, "list_leads"), ("POST", "/v1/leads", false, "create_lead"),
        ("GET", "/v1/leads/{id}", false, "get_lead"), ("PATCH", "/v1/leads/{id}", false, "update_lead"),
        ("DELETE", "/v1/case-studies/{id}", false, "delete_case_study"),
        ("POST", "/v1/leads/{id}/score", false, "score_lead"),
        ("GET", "/v1/leads/{id}/score", false, "get_lead_score"),
        ("POST", "/v1/leads/merge", false, "merge_leads"),
        ("POST", "/v1/leads/merges/{id}/undo", false, "undo_lead_merge"),
        ("POST", "/v1/companies/{id}/merge", false, "merge_company"),
        ("POST", "/v1/companies/merges/{id}/undo", false, "undo_company_merge"),
        ("GET", "/v1/leads/duplicates", true, "list_lead_duplicates"),
        ("GET", "/v1/leads/export", false, "export_leads"), ("GET", "/v1/settings", false, "get_settings"),
        ("PATCH", "/v1/settings", false, "update_settings"),
        ("GET", "/v1/events/stream", false, "stream_events"),
        ("GET", "/v1/files/{id}/content", false, "download_file"),
        ("GET", "/v1/portal/files/{id}", false, "get_portal_file"),
        ("GET", "/v1/portal/tickets/{id}/files/{file_id}", false, "download_portal_ticket_file"),
        ("GET", "/v1/reports/{id}.pdf", false, "get_report_pdf"),
        ("POST", "/v1/webhooks/{id}/rotate-secret", false, "rotate_webhook_secret"),
        ("POST", "/v1/tickets/{id}/messages", false, "send_ticket_message"),
        ("POST", "/v1/agents/{name}/config/publish", false, "publish_agent_config"),
        ("POST", "/v1/portal/messages/read", false, "mark_portal_messages_read"),
        ("GET", "/api/dashboard/overview", false, "get_legacy_dashboard_overview"),
        ("POST", "/p/{token}/decline", false, "decline_document_by_link"),
    ])
    func `an operation has the name that a person would give it`(
        method: String, path: String, isPage: Bool, name: String
    ) {
        #expect(OperationName.derived(method: method, pattern: path, answersPage: isPage) == name)
    }
}
