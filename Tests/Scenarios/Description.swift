import Foundation
import JSON
import Testing

/// The API's description explains everything and shows examples.
@Suite(.ownThread) struct Description {
    let server = BureauProcess.shared

    @Test func `every field and every parameter says what it means`() throws {
        let document = try server.anonymous.get("/openapi.json").ok()
        var missing: [String] = [], count = 0
        func visit(_ schema: JSON, _ place: String) {
            for (name, member) in schema["properties"]?.object?.members ?? [] {
                // A schema that is referred to is described where it is declared.
                if member["$ref"] == nil, member.text("description").count < 8 {
                    missing.append("\(place).\(name)")
                }
                count += 1
                visit(member, "\(place).\(name)")
            }
            for key in ["items", "additionalProperties"] {
                if let inner = schema[key], inner.object != nil { visit(inner, place) }
            }
            for key in ["anyOf", "oneOf", "allOf"] {
                for choice in schema[key]?.array ?? [] { visit(choice, place) }
            }
        }
        for (name, schema) in document["components"]?["schemas"]?.object?.members ?? [] {
            if schema.text("description").isEmpty { missing.append(name) }
            visit(schema, name)
        }
        for operation in Operation.all(in: document) {
            for parameter in operation.json["parameters"]?.array ?? [] {
                if parameter.text("description").count < 8 {
                    missing.append("\(operation) \(parameter.text("name"))")
                }
                count += 1
            }
            for (_, media) in operation.contents { visit(media["schema"] ?? [:], operation.name) }
        }
        #expect(missing.isEmpty, "say it with .about, or in FieldTexts: \(missing.prefix(40))")
        #expect(count > 5000, "all of them are looked at")
    }

    @Test func `every operation shows what is sent and what is answered`() throws {
        let document = try server.anonymous.get("/openapi.json").ok()
        let bytes: Set = [
            "application/octet-stream", "application/pdf", "image/gif", "multipart/form-data",
            "application/problem+json",
        ]
        for operation in Operation.all(in: document) {
            for (type, media) in operation.contents where !bytes.contains(type) {
                let isShown = media["example"] != nil || media["examples"]?.object?.isEmpty == false
                let schema = media["schema"] ?? [:]
                #expect(isShown || schema["format"] == "binary", "\(operation) shows no \(type)")
            }
        }
    }

    @Test func `an example of a lead is what the server itself answers`() throws {
        let document = try server.anonymous.get("/openapi.json").ok()
        let agency = try server.quietAgency()
        let operation = try #require(
            Operation.all(in: document).first { $0.json.text("operationId") == "create_lead" })
        let shown = try #require(operation.contents.first { $0.0 == "application/json" }?.1["examples"])
        let body = document.resolved(shown["whole"]?["$ref"]?.text ?? "")["value"] ?? [:]
        let made = try agency.owner.post("/v1/leads", body).ok(201)
        for (name, value) in body.object?.members ?? [] { #expect(made[name] == value, "\(name)") }
    }

    @Test func `every code of a problem has its page, and stands in the description`() throws {
        let document = try server.anonymous.get("/openapi.json").ok()
        let problems = document["x-problems"]?.array ?? []
        #expect(problems.count > 80)
        for problem in problems {
            let page = try server.anonymous.get("/problems/\(problem.text("code"))")
            #expect(page.status == 200 && page.text.contains("<p>"), "\(problem.text("code"))")
            #expect(problem.text("remedy").count > 8 && problem.text("title").count > 8)
        }
    }

    @Test func `every permission that an operation needs is explained, and no other`() throws {
        let document = try server.anonymous.get("/openapi.json").ok()
        let explained = (document["x-permissions"]?.array ?? []).map { $0.text("name") }
        let needed = Operation.all(in: document).compactMap { operation in
            operation.json.text("description").firstMatch(of: /the permission `([a-z_:]+)`/)
                .map { String($0.1) }
        }
        #expect(explained.count > 100 && Set(explained) == Set(needed))
    }
}

extension Operation {
    /// Returns the schemas of what an operation reads and answers, by media type.
    var contents: [(String, JSON)] {
        let bodies = json["requestBody"]?["content"]?.object?.members ?? []
        let answers = (json["responses"]?.object?.members ?? []).flatMap {
            $0.value["content"]?.object?.members ?? []
        }
        return (bodies + answers).map { ($0.key, $0.value) }
    }
}

extension JSON {
    /// Returns what a reference inside the document leads to.
    func resolved(_ reference: String) -> JSON {
        reference.split(separator: "/").dropFirst().reduce(self) { $0[String($1)] ?? [:] }
    }
}
