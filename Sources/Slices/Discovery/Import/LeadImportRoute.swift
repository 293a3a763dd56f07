internal import JSON
internal import Records
internal import Routing
internal import Transfer

/// `POST /v1/leads/import`.
func leadImportRoute(_ routes: inout Routes, folder: String) {
    routes.startImports(of: Lead.resource, by: ImportJob.self, "leads:import", folder: folder) {
        mapping throws(Problem) in try HeaderMapping.Explicit.check(mapping)
    }
}

extension HeaderMapping.Explicit {
    /// Throws where a caller's mapping of columns to fields is none.
    static func check(_ mapping: JSON) throws(Problem) {
        do throws(Invalid) {
            _ = try Self(mapping)
        } catch {
            throw Problem(faults: [
                Fault("/mapping/\((error.header ?? "").pointerToken)", "invalid_mapping", error.detail)
            ])
        }
    }
}
