import AWS
import HTTPTypes
import Hummingbird
import NIOCore
import Storage

extension LocalS3 {
    private static let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
    /// A request to create a bucket, or to delete a thousand keys of 1024 bytes.
    private static let maximumBodyBytes = 4 << 20
    private static let maximumDeletions = 1000

    func listBuckets() throws -> Response {
        let buckets = try store.buckets().map { bucket in
            XMLOutput("Bucket", [XMLOutput("Name", bucket.name), XMLOutput("CreationDate", bucket.modified.s3Text)])
        }
        return .xml(.ok, XMLOutput("ListAllMyBucketsResult", namespace: Self.namespace, [XMLOutput("Buckets", buckets)]))
    }

    /// A bucket that is there is created once more without an error in `us-east-1`, as S3 has it; elsewhere it is the caller's already.
    func createBucket(_ name: String, _ request: Request) async throws -> Response {
        // Where the bucket is to lie says nothing here.
        _ = try await request.body.collect(upTo: Self.maximumBodyBytes)
        do throws(StorageError) { try store.createBucket(name) } catch {
            switch error.code {
            case .badURI: throw S3Failure(.badRequest, "InvalidBucketName", "The specified bucket is not valid: \(error.message)")
            case .exists where caller.region == "us-east-1": break
            case .exists:
                throw S3Failure(
                    .conflict, "BucketAlreadyOwnedByYou",
                    "Your previous request to create the named bucket succeeded and you already own it.")
            default: throw error
            }
        }
        return Response(status: .ok, headers: [.location: "/\(name)"])
    }

    /// A bucket of a data folder lies in whatever region its caller is in.
    func headBucket(_ name: String) throws(S3Failure) -> Response {
        guard store.hasBucket(name) else { throw noBucket(name) }
        return Response(status: .ok, headers: [.contentType: "application/xml", .bucketRegion: caller.region])
    }

    func location(of bucket: String) throws(S3Failure) -> Response {
        guard store.hasBucket(bucket) else { throw noBucket(bucket) }
        // The oldest region has no name here.
        let region = caller.region == "us-east-1" ? "" : caller.region
        return .xml(.ok, XMLOutput("LocationConstraint", region))
    }

    func list(_ bucket: String, _ query: QueryParameters) throws -> Response {
        guard store.hasBucket(bucket) else { throw noBucket(bucket) }
        return .xml(.ok, try BucketListing(query).page(of: bucket, store, namespace: Self.namespace))
    }

    /// DeleteObjects. Each key is deleted, or named with the reason why not.
    func deleteObjects(of bucket: String, _ request: Request) async throws -> Response {
        guard store.hasBucket(bucket) else { throw noBucket(bucket) }
        var body: [UInt8] = []
        _ = try await UploadedBody(request).read { piece in
            guard body.count + piece.count <= Self.maximumBodyBytes else {
                throw S3Failure(.badRequest, "MaxMessageLengthExceeded", "Your request was too big.")
            }
            body += piece
        }
        guard let document = try? XMLElement(parsing: body), document.name == "Delete" else {
            throw S3Failure(.badRequest, "MalformedXML", "The XML you provided was not well-formed.")
        }
        let keys = document.children.filter { $0.name == "Object" }.compactMap { $0["Key"]?.text }
        guard (1...Self.maximumDeletions).contains(keys.count) else {
            throw S3Failure(
                .badRequest, "MalformedXML", "The request names \(keys.count) keys, expected 1 to \(Self.maximumDeletions).")
        }
        let isQuiet = document["Quiet"]?.text == "true"
        var result: [XMLOutput] = []
        for key in keys {
            do throws(StorageError) {
                _ = try await store.delete(.s3(bucket: bucket, key: key))
                if !isQuiet { result.append(XMLOutput("Deleted", [XMLOutput("Key", key)])) }
            } catch {
                let failure = S3Failure(error)
                result.append(
                    XMLOutput(
                        "Error", [XMLOutput("Key", key), XMLOutput("Code", failure.code), XMLOutput("Message", failure.message)]))
            }
        }
        return .xml(.ok, XMLOutput("DeleteResult", namespace: Self.namespace, result))
    }
}

extension HTTPField.Name {
    fileprivate static let bucketRegion = named("x-amz-bucket-region")
}
