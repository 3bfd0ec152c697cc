import GroundTruth
import Storage

/// What an OCR function is called with: S3's notification of new objects, directly or in the messages of an SQS queue, or one
/// object by its `source-ref`.
enum ObjectNotification {
    /// An augmented manifest line, or its beginning: at least `source-ref`.
    case line(ManifestLine)
    /// New objects.
    case objects([ObjectURI])
    /// Messages of a queue; what one of them holds, or why it cannot be read.
    case messages([(id: String, objects: Result<[ObjectURI], ContractError>)])

    /// - Throws: ``ContractError`` for anything else.
    init(parsing bytes: [UInt8]) throws(ContractError) {
        let event = try JSONValue.message(bytes, "the event")
        if event["source-ref"] != nil {
            do {
                self = .line(try ManifestLine(parsing: bytes))
            } catch {
                throw ContractError(.wrongType, "the event is no manifest line: \(error.message)")
            }
            return
        }
        guard let records = event["Records"]?.array, let first = records.first, first["body"] != nil else {
            self = .objects(try Self.objects(in: event))
            return
        }
        var messages: [(id: String, objects: Result<[ObjectURI], ContractError>)] = []
        for record in records {
            let id = try record.requiredString("messageId", in: "the queue's record")
            do throws(ContractError) {
                let body = try record.requiredString("body", in: "the message \(id)")
                messages.append((id, .success(try Self.objects(in: JSONValue.message(Array(body.utf8), "the message \(id)")))))
            } catch {
                messages.append((id, .failure(error)))
            }
        }
        self = .messages(messages)
    }

    /// The objects of an S3 notification; those that were removed, and S3's test message, name none.
    private static func objects(in event: JSONValue) throws(ContractError) -> [ObjectURI] {
        if event["Event"]?.string == "s3:TestEvent" { return [] }
        guard let records = event["Records"]?.array else {
            throw ContractError(
                .missingMember, "the event has neither `source-ref` nor the `Records` of an S3 notification or an SQS queue")
        }
        var objects: [ObjectURI] = []
        for record in records {
            let s3 = try record.required("s3", in: "the record")
            let bucket = try s3.required("bucket", in: "`s3` of the record").requiredString("name", in: "`bucket` of the record")
            let key = try s3.required("object", in: "`s3` of the record").requiredString("key", in: "`object` of the record")
            if record["eventName"]?.string?.hasPrefix("ObjectRemoved") == true { continue }
            guard let decoded = formDecoded(key) else {
                throw ContractError(.wrongType, "the key `\(key)` is not form-encoded UTF-8")
            }
            objects.append(.s3(bucket: bucket, key: decoded))
        }
        return objects
    }

    /// Keys stand in notifications as HTML forms encode them: `+` is a space (contracts section 20).
    static func formDecoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst(), let low = rest.popFirst(),
                    let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
                else { return nil }
                bytes.append(value)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
