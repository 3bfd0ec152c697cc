import GroundTruth
import HTTPTypes
import Hummingbird
import LabelingJobs

/// Teams, their members' links, and workers.
extension OwnerRoutes {
    func addPeople(to router: Router<ServiceContext>) {
        router.get("/portal/api/teams") { request, _ in
            try access.require(request)
            return Response.json(try await desk.teams())
        }
        router.post("/portal/api/teams") { request, _ in
            let name = try await document(request).text("name")
            return Response.json(try await desk.makeTeam(name), status: .created)
        }
        router.delete("/portal/api/teams/:team") { request, context in
            try access.require(request)
            return Response.json(try await desk.deleteTeam(context.named("team")))
        }
        router.get("/portal/api/teams/:team/members") { request, context in
            try access.require(request)
            return Response.json(try await desk.members(of: context.named("team")))
        }
        router.post("/portal/api/teams/:team/add") { request, context in
            let document = try await document(request)
            return Response.json(
                try await desk.add(document.mails(), to: context.named("team"), days: document.linkDays()))
        }
        router.post("/portal/api/teams/:team/remove") { request, context in
            let mails = try await document(request).mails()
            return Response.json(try await desk.remove(mails, from: context.named("team")))
        }
        router.post("/portal/api/teams/:team/links") { request, context in
            let document = try await document(request)
            return Response.json(
                try await desk.links(
                    of: context.named("team"), document.mails(), days: document.linkDays(), isNew: document.isRenewal()))
        }
        router.post("/portal/api/public-link") { request, _ in
            let document = try await document(request)
            return Response.json(try await desk.publicLink(days: document.linkDays(), isNew: document.isRenewal()))
        }
        router.post("/portal/api/jobs/:job/exclude") { request, context in
            let worker = try await document(request).text("worker")
            return Response.json(try await desk.exclude(worker, from: context.job()))
        }
        router.delete("/portal/api/workers/:worker") { request, context in
            try access.require(request)
            return Response.json(try await desk.forget(context.named("worker")))
        }
    }

    private func document(_ request: Request) async throws -> JSONValue {
        try access.require(request)
        return try await request.json(atMost: Self.maximumRequestBytes)
    }
}

extension JSONValue {
    fileprivate func text(_ name: String) throws -> String {
        guard let text = self[name]?.string else { throw Problem.badRequest("`\(name)` must be there, as a string") }
        return text
    }

    fileprivate func mails() throws -> [String] { try present("members")?.list("members", of: \.string) ?? [] }

    fileprivate func linkDays() throws -> Int? {
        guard let days = present("days") else { return nil }
        guard let number = days.int, OwnerDesk.linkDays.contains(number) else {
            throw Problem.badRequest("`days` is \(days.excerpt), expected 1 to \(OwnerDesk.linkDays.upperBound)")
        }
        return number
    }

    fileprivate func isRenewal() throws -> Bool {
        guard let renew = present("renew") else { return false }
        guard let isRenewal = renew.bool else { throw Problem.badRequest("`renew` is \(renew.kindName), expected true or false") }
        return isRenewal
    }
}
