import GroundTruth
import HTTPTypes
import LabelingJobs
import Storage
import SystemPackage
import Testing

@testable import Service

@Suite(.timeLimit(.minutes(1)))
struct PortalTests {
    /// A service with a job of two objects of the team `readers`, one answer an object.
    private final class Desk: Sendable {
        let harness: Harness
        let engine: JobEngine
        let workers: [Worker]

        init(keys: [String] = [], workersPerObject: Int = 1) async throws {
            let made = Made()
            harness = try Harness(
                apiKeys: keys,
                portal: { store, folder in
                    let engine = try JobEngine.forTests(in: folder, store)
                    made.engine = engine
                    return Portal(engine: engine, keys: keys, links: ReadLinks(store: store, secret: makeSecret()))
                })
            engine = try #require(made.engine)
            let (store, now) = (engine.store, engine.clock.now())
            _ = try await store.makeTeam("readers", account: engine.account, at: now)
            workers = try await store.addMembers(
                ["ada@example.org", "bob@example.org"], to: "readers", region: "us-west-2", at: now)
            try await harness.store.put(
                Array((#"{"source":"Aspirin is <old>.","metadata":{"year":1.0}}"# + "\n" + #"{"source":"Two."}"# + "\n").utf8),
                to: ObjectURI(received: "s3://bench/in.manifest"))
            let categories =
                #"{"document-version":"2018-11-28","labels":[{"label":"DRUG"}],"instructions":{"shortInstruction":"<b>Mark</b>"}}"#
            try await harness.store.put(Array(categories.utf8), to: ObjectURI(received: "s3://bench/categories.json"))
            _ = try await engine.create(try Self.request(workersPerObject))
            try await engine.advance()
            try await engine.advance()
        }

        private final class Made { var engine: JobEngine? }

        static func request(_ workers: Int) throws -> JSONValue {
            try JSONScanner.parse(
                """
                {"LabelingJobName":"demo","LabelAttributeName":"spans","RoleArn":"arn:aws:iam::111122223333:role/gt-exec",
                "InputConfig":{"DataSource":{"S3DataSource":{"ManifestS3Uri":"s3://bench/in.manifest"}}},
                "OutputConfig":{"S3OutputPath":"s3://bench/out"},"LabelCategoryConfigS3Uri":"s3://bench/categories.json",
                "HumanTaskConfig":{"WorkteamArn":"arn:aws:sagemaker:us-west-2:111122223333:workteam/private-crowd/readers",
                "UiConfig":{"HumanTaskUiArn":"arn:aws:sagemaker:us-west-2:394669845002:human-task-ui/NamedEntityRecognition"},
                "PreHumanTaskLambdaArn":"arn:aws:lambda:us-west-2:081040173940:function:PRE-NamedEntityRecognition",
                "AnnotationConsolidationConfig":{"AnnotationConsolidationLambdaArn":
                "arn:aws:lambda:us-west-2:081040173940:function:ACS-NamedEntityRecognition"},
                "TaskTitle":"Mark drugs","TaskDescription":"d","NumberOfHumanWorkersPerDataObject":\(workers),"TaskTimeLimitInSeconds":3600}}
                """.utf8)
        }

        func token(_ index: Int) -> [String: String] {
            ["Authorization": "Bearer \(workers[index].pass(for: .link, expires: nil))", "Content-Type": "application/json"]
        }

        func claim(_ index: Int) async throws -> JSONValue? {
            try await harness.post("/tasks/demo", "", headers: token(index)).json?.present("task")
        }
    }

    private static let answer = #"{"answer":{"crowd-entity-annotation":{"entities":[]},"notes":"n"}}"#

    @Test func aTokenTakesATaskReadsItAndAnswersIt() async throws {
        let desk = try await Desk()
        let task = try #require(try await desk.claim(0))
        #expect(task["number"]?.int == 0 && task["state"]?.string == "accepted")
        let reply = try await desk.harness.send(.get, try #require(task["document"]?.string), headers: desk.token(0))
        let document = try #require(reply.json)
        #expect(document["text"]?.string == "Aspirin is <old>.")
        #expect(document["labels"]?.array?.first?["label"]?.string == "DRUG")
        #expect(document["instructions"]?["short"]?.string == "<b>Mark</b>")
        #expect(document["metadata"].map { String(decoding: $0.raw, as: UTF8.self) } == #"{"year":1.0}"#)
        #expect(document["task"]?["total"]?.int == 2)
        let sent = try await desk.harness.post(
            try #require(document["submitURL"]?.string), Self.answer, headers: desk.token(0))
        #expect(sent.status == 200 && sent.json?["next"]?.string == "/portal/jobs/demo/next")
        let own = try await desk.harness.send(.get, "/tasks/demo/0", headers: desk.token(0)).json
        #expect(own?["answer"]?["notes"]?.string == "n" && own?["state"]?.string == "submitted")
    }

    @Test func nobodyReadsOrAnswersTheTaskOfAnother() async throws {
        let desk = try await Desk()
        _ = try await desk.claim(0)
        for (method, path) in [
            (HTTPRequest.Method.get, ""), (.get, "/document"), (.get, "/frame"), (.post, "/answer"), (.put, "/draft"),
            (.post, "/decline"), (.post, "/release"), (.post, "/reopen"),
        ] {
            let reply = try await desk.harness.send(
                method, "/tasks/demo/0\(path)", Array(Self.answer.utf8), headers: desk.token(1))
            #expect(reply.status == 404 && reply.json?["code"]?.string == "not-found", "\(path)")
        }
        #expect(try await desk.claim(1)?["number"]?.int == 1)
    }

    @Test func withoutTokenOrCookieNothingIsTold() async throws {
        let desk = try await Desk(keys: ["0123456789abcdef"])
        for (path, authorization) in [
            ("/tasks/jobs", ""), ("/tasks/demo", "Bearer 0123456789abcdef"), ("/tasks/demo/0", "Bearer x.0.00"),
        ] {
            let reply = try await desk.harness.send(
                .get, path, headers: authorization.isEmpty ? [:] : ["Authorization": authorization])
            #expect(reply.status == 401 && reply.json?["code"]?.string == "unauthorized", "\(path)")
        }
    }

    @Test func aLinkSetsACookieThatOnlyOwnPagesCanUse() async throws {
        let desk = try await Desk()
        let pass = desk.workers[0].pass(for: .link, expires: nil)
        let signedIn = try await desk.harness.post(
            "/portal/session", #"{"pass":"\#(pass)"}"#,
            headers: ["Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"])
        let cookie = try #require(signedIn.headers[.setCookie])
        for word in ["HttpOnly", "SameSite=Strict", "Path=/"] { #expect(cookie.contains(word)) }
        #expect(!cookie.contains("ada@"))
        let session = ["Cookie": String(cookie.prefix { $0 != ";" }), "Content-Type": "application/json"]
        #expect(try await desk.harness.send(.get, "/tasks/jobs", headers: session).json?["jobs"]?.array?.count == 1)
        let silent = try await desk.harness.post("/tasks/demo", "", headers: session)
        #expect(silent.status == 403 && silent.json?["code"]?.string == "cross-origin")
        for (name, value, status) in [
            ("Sec-Fetch-Site", "cross-site", 403), ("Sec-Fetch-Site", "same-site", 403), ("Origin", "http://evil.example", 403),
            ("Origin", "null", 403), ("Origin", "http://localhost", 200), ("Sec-Fetch-Site", "same-origin", 200),
        ] {
            let reply = try await desk.harness.post("/tasks/demo", "", headers: session.merging([name: value]) { $1 })
            #expect(reply.status == status, "\(name): \(value)")
        }
    }

    @Test func anExpiredLinkSetsNoCookie() async throws {
        let desk = try await Desk()
        let pass = desk.workers[0].pass(for: .link, expires: desk.engine.clock.now().adding(seconds: -1))
        let reply = try await desk.harness.post(
            "/portal/session", #"{"pass":"\#(pass)"}"#, headers: ["Content-Type": "application/json"])
        #expect(reply.status == 401 && reply.headers[.setCookie] == nil)
    }

    @Test func draftsDeclinesAndReopenedAnswersGoThroughTheAPI() async throws {
        let desk = try await Desk(workersPerObject: 2)
        _ = try await desk.claim(0)
        let draft = #"{"entities":[],"notes":"so far"}"#
        #expect(try await desk.harness.send(.put, "/tasks/demo/0/draft", Array(draft.utf8), headers: desk.token(0)).status == 200)
        #expect(
            try await desk.harness.send(.get, "/tasks/demo/0/document", headers: desk.token(0)).json?["draft"]?["notes"]?.string
                == "so far")
        #expect(try await desk.harness.post("/tasks/demo/0/release", "", headers: desk.token(0)).status == 200)
        #expect(try await desk.claim(0)?["number"]?.int == 0)
        #expect(try await desk.harness.post("/tasks/demo/0/answer", Self.answer, headers: desk.token(0)).status == 200)
        #expect(
            try await desk.harness.post("/tasks/demo/0/reopen", "", headers: desk.token(0)).json?["state"]?.string == "accepted")
        let again = try await desk.harness.send(.get, "/tasks/demo/0/document", headers: desk.token(0)).json
        #expect(again?["draft"]?["notes"]?.string == "n")
        #expect(try await desk.harness.post("/tasks/demo/0/decline", "", headers: desk.token(0)).status == 200)
        #expect(try await desk.claim(0)?["number"]?.int == 1)
    }

    @Test(arguments: ["[]", #"{"answer":[]}"#, "{", #"{"answers":{}}"#])
    func anAnswerThatIsNoneIsRefused(body: String) async throws {
        let desk = try await Desk()
        _ = try await desk.claim(0)
        let reply = try await desk.harness.post("/tasks/demo/0/answer", body, headers: desk.token(0))
        #expect(reply.status == 400)
    }

    @Test func theOwnersPagesWantAKeyWhereThereAreKeys() async throws {
        let desk = try await Desk(keys: ["0123456789abcdef"])
        #expect(try await desk.harness.send(.get, "/portal/api/jobs").status == 401)
        let reply = try await desk.harness.send(.get, "/portal/api/jobs", headers: ["Authorization": "Bearer 0123456789abcdef"])
        #expect(reply.json?["jobs"]?.array?.first?["name"]?.string == "demo")
        #expect(try await desk.harness.send(.get, "/portal/api/jobs", headers: desk.token(0)).status == 401)
    }
}
