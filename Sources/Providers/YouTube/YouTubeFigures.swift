package import Agents
package import Integrations
internal import JSON
internal import Records
package import Social
package import Telemetry

/// The figures of films on YouTube: views, likes and comments by the Data API, for one unit of its quota
/// however many they are, and for how long they were watched and what they have earned by the Analytics API,
/// whose days come two days late: https://developers.google.com/youtube/analytics/reference/reports/query
extension YouTube: SocialMeasuring {
    package var postsAtOnce: Int { 50 }

    private static let analytics = "https://youtubeanalytics.googleapis.com"
    private static let delay: Duration = .seconds(3 * 86_400)

    package func figures(
        of posts: [StandingPost], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [String: PostReading] {
        let ids = posts.map(\.id.percentEncoded).joined(separator: ",")
        let answer = try await ask(
            get("/youtube/v3/videos?part=statistics&id=\(ids)&maxResults=50", access), access, reach)
        guard let list = answer["items"]?.array else { throw wire.unreadable() }
        var figures: [String: PostFigures] = [:]
        for film in list {
            guard let id = film["id"]?.text else { continue }
            figures[id] = Self.figures(of: film["statistics"] ?? .null)
        }
        let old = posts.filter { figures[$0.id] != nil && $0.age >= Self.delay }
        for (id, row) in try await rows(of: old, "views,estimatedMinutesWatched,shares", access, reach) {
            figures[id]?.watchSeconds = row["estimatedMinutesWatched"]?.double.map {
                Int(($0 * 60).rounded())
            }
            figures[id]?.shares = row["shares"]?.int.map { Int($0) }
        }
        if access.settings[Self.earningsSetting]?.flag == true {
            for (id, row) in try await rows(of: old, "estimatedRevenue", in: "USD", access, reach) {
                figures[id]?.earnings = row["estimatedRevenue"]?.double.map {
                    max(0, Int(($0 * 100).rounded()))
                }
            }
        }
        return Dictionary(
            posts.map { ($0.id, figures[$0.id].map { .figures($0) } ?? .gone) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Numbers are texts there, and those that the owner hides are missing.
    private static func figures(of statistics: JSON) -> PostFigures {
        func number(_ name: String) -> Int? {
            statistics[name].flatMap { $0.text.flatMap { Int($0) } ?? $0.int.map { Int($0) } }
        }
        var figures = PostFigures()
        (figures.impressions, figures.likes) = (number("viewCount"), number("likeCount"))
        figures.comments = number("commentCount")
        return figures
    }

    /// Returns the sums of films since they stand, the first of which they are sorted by. A consent without analytics,
    /// and a report that is not there yet, leave them unknown.
    private func rows(
        of posts: [StandingPost], _ metrics: String, in currency: String? = nil, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [String: [String: JSON]] {
        guard let oldest = posts.map(\.age).max() else { return [:] }
        let zone = TimeZoneRules(named: "America/Los_Angeles") ?? .utc, now = wire.now()
        let films = posts.map(\.id.percentEncoded).joined(separator: ",")
        let first = metrics.prefix { $0 != "," }
        do throws(ToolFailure) {
            let table = try await report(
                from: zone.local(of: now - oldest).date.adding(days: -1), to: zone.local(of: now).date,
                "&metrics=\(metrics)&dimensions=video&sort=-\(first)"
                    + "&filters=video%3D%3D\(films)&maxResults=200"
                    + (currency.map { "&currency=\($0)" } ?? ""), access, reach)
            return Dictionary(
                table.rows.compactMap { row in row["video"]?.text.map { ($0, row) } },
                uniquingKeysWith: { first, _ in first })
        } catch {
            if error.code == IntegrationCheck.permissionCode || error.code == "bad_request" { return [:] }
            throw error
        }
    }

    // MARK: Reports

    private typealias ReportTable = (columns: [String], rows: [[String: JSON]])

    /// Returns the rows of a report, each by its columns.
    private func report(
        from first: CivilDate, to last: CivilDate, _ query: String, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ReportTable {
        let host = access.baseURL == baseURL ? Self.analytics : access.baseURL
        var request = get("", access)
        request.url =
            host + "/v2/reports?ids=channel%3D%3DMINE&startDate=\(first.iso)&endDate=\(last.iso)" + query
        let answer = try await ask(request, access, reach)
        let columns = (answer["columnHeaders"]?.array ?? []).map { $0["name"]?.text ?? "" }
        let rows = (answer["rows"]?.array ?? []).map { row in
            Dictionary(zip(columns, row.array ?? [])) { first, _ in first }
        }
        return (columns, rows)
    }
}

extension YouTube: FilmMeasuring {
    package func days(
        of film: String, from first: CivilDate, to last: CivilDate, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [CivilDate: FilmDay] {
        let table = try await report(
            from: first, to: last,
            "&metrics=views,estimatedMinutesWatched&dimensions=day&sort=day"
                + "&filters=video%3D%3D\(film.percentEncoded)&maxResults=200", access, reach)
        var days: [CivilDate: FilmDay] = [:]
        for row in table.rows {
            guard let day = row["day"]?.text.flatMap({ CivilDate(iso: $0) }),
                let views = row["views"]?.double,
                let minutes = row["estimatedMinutesWatched"]?.double
            else { continue }
            days[day] = FilmDay(views: Int(views.rounded()), minutes: Int(minutes.rounded()))
        }
        return days
    }
}
