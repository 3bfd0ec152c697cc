import AWS
import HTTPTypes
import Hummingbird
import Logging
import Storage

/// Amazon S3's buckets and objects over a data folder: the calls that scripts around labeling jobs make, each other refused by name.
struct LocalS3 {
    let store: FolderStore
    let caller: SignedCaller

    func respond(to request: Request, context: ServiceContext) async -> Response {
        let isHead = request.method == .head
        var resource = request.uri.path
        do {
            let target = try S3Target(request)
            resource = target.resource
            return try await answer(request, target)
        } catch let error as S3Failure {
            return error.response(resource: resource, isHead: isHead, context)
        } catch let error as AWSError {
            // A signed body that is not what was signed.
            return S3Failure(error.status, error.code, error.message).response(resource: resource, isHead: isHead, context)
        } catch let error as StorageError {
            if error.code == .inputOutput { context.log.error("S3 request failed", metadata: ["cause": "\(error)"]) }
            return S3Failure(error).response(resource: resource, isHead: isHead, context)
        } catch {
            context.log.error("S3 request failed", metadata: ["cause": "\(error)"])
            return S3Failure(.internalServerError, "InternalError", "the service failed; its log has the cause")
                .response(resource: resource, isHead: isHead, context)
        }
    }

    private func answer(_ request: Request, _ target: S3Target) async throws -> Response {
        let query = QueryParameters(request)
        guard let bucket = target.bucket else {
            guard request.method == .get else { throw S3Failure.notImplemented("\(request.method) of all buckets") }
            return try listBuckets()
        }
        // What a request asks for beside the object: each call knows its own, and whoever asks for more is told.
        func check(_ known: Set<String>) throws(S3Failure) {
            let general = Set(["x-id", "content-type", "content-md5"] + PresignedURLVersion2.parameterNames)
            for (name, _) in query.all
            where !known.contains(name) && !general.contains(name) && !name.lowercased().hasPrefix("x-amz-") {
                throw .notImplemented("`\(name)` of \(request.method) \(target.key == nil ? "bucket" : "object")")
            }
        }
        guard let key = target.key else {
            switch request.method {
            case .put:
                try check([])
                return try await createBucket(bucket, request)
            case .head:
                try check([])
                return try headBucket(bucket)
            case .get where query["location"] != nil: return try location(of: bucket)
            case .get:
                try check(BucketListing.parameters)
                return try list(bucket, query)
            case .post where query["delete"] != nil: return try await deleteObjects(of: bucket, request)
            default: throw S3Failure.notImplemented("\(request.method) of a bucket")
            }
        }
        guard store.hasBucket(bucket) else { throw noBucket(bucket) }
        let uri = ObjectURI.s3(bucket: bucket, key: key)
        switch request.method {
        case .get, .head:
            try check(["response-content-type", "response-content-disposition"])
            return try read(uri, request, query)
        case .put:
            try check([])
            return try await write(uri, request)
        case .delete:
            try check([])
            _ = try await store.delete(uri)
            return Response(status: .noContent)
        default: throw S3Failure.notImplemented("\(request.method) of an object")
        }
    }

    func noBucket(_ name: String) -> S3Failure {
        S3Failure(.notFound, "NoSuchBucket", "The specified bucket does not exist: \(name)")
    }
}
