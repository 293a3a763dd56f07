internal import Database
internal import JSON
internal import People
internal import Records
internal import Templates

/// The traits that a text knows of its reader, among a template's values: `reader`. Where nothing is known, they
/// are those of most: a small business whose people are no technicians.
enum ReaderTraits {
    static let name = TemplateNames.Name.object(
        "reader",
        [.text("industry", .required), .text("size", .required), .text("technical_level", .required)])

    private static let industry = "business", size = "small", technicalLevel = "business_user"

    /// Returns the traits of a contact, of the lead that they are, else of their company.
    static func values(of contact: Contact, lead: JSONObject?, in reader: some Queryable) throws -> JSON {
        var (industry, employees) = (lead?["industry"]?.text, lead?["employee_count"]?.int)
        if industry == nil || employees == nil, let id = contact.companyID,
            let company = try Company.resource.find(id, in: reader)
        {
            industry = industry ?? company.industry
            employees = employees ?? company.employeeCount.map { Int64($0) }
        }
        return [
            "industry": .string(industry ?? Self.industry), "size": .string(employees.map(band) ?? size),
            "technical_level": .string(lead?["technical_level"]?.text ?? technicalLevel),
        ]
    }

    /// The size of a company with so many people, as the European Union draws the lines.
    private static func band(_ employees: Int64) -> String {
        employees < 10 ? "micro" : employees < 50 ? "small" : employees < 250 ? "medium" : "large"
    }
}
