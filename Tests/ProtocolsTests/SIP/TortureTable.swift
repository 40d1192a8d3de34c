import Protocols
import Testing

/// What the parser must make of each message of RFC 4475, checked by hand against the RFC's text.
struct TortureRow: Sendable, CustomTestStringConvertible {
  let file: String
  /// The method, or the status code (0 when there is no valid one).
  let start: String
  /// nil when the number is out of range.
  let cseq: UInt32?
  let callID: String
  let from: String
  let to: String
  let faults: SIPFaultSet
  /// The headers that are missing or repeated.
  let headers: [String]

  var testDescription: String { file }

  init(
    _ file: String, _ start: String, _ cseq: UInt32?, _ callID: String, _ from: String, _ to: String,
    _ faults: SIPFaultSet, headers: [String] = []
  ) {
    (self.file, self.start, self.cseq, self.callID) = (file, start, cseq, callID)
    (self.from, self.to, self.faults, self.headers) = (from, to, faults, headers)
  }

  private typealias Row = TortureRow

  static let all: [TortureRow] = [
    Row(
      "badaspec", "OPTIONS", 3923239, "badaspec.sdf0234n2nds0a099u23h3hnnw009cdkne3",
      "a.g.bell@example.com", "t.watson@example.org",
      [.whitespaceInBrackets]),
    Row(
      "badbranch", "OPTIONS", 8, "badbranch.sadonfo23i420jv0as0derf3j3n",
      "caller@example.org", "user@example.com",
      [.badBranch]),
    Row(
      "baddate", "INVITE", 1392934, "baddate.239423mnsadf3j23lj42--sedfnm234",
      "caller@example.net", "user@example.com",
      [.badDate]),
    Row(
      "baddn", "OPTIONS", 3923239, "baddn.31415@c.example.com",
      "a.g.bell@example.com", "t.watson@example.org",
      [.unquotedDisplayName, .missingBlankLine]),
    Row(
      "badinv01", "INVITE", 8, "badinv01.0ha0isndaksdjasdf3234nas",
      "caller@example.net", "j.user@example.com",
      [.badContact, .badVia, .oldBranch]),
    Row(
      "badvers", "OPTIONS", 1, "badvers.31417@c.example.com",
      "a.g.bell@example.com", "t.watson@example.org",
      [.badVersion]),
    Row(
      "bcast", "200", 35, "bcast.0384840201234ksdfak3j2erwedfsASdf",
      "user@example.com", "user@example.edu",
      [.broadcastVia]),
    Row(
      "bext01", "OPTIONS", 8, "bext01.0ha0isndaksdj",
      "caller@example.net", "j_user@example.com",
      [.unknownExtension]),
    Row(
      "bigcode", "0", 353494, "bigcode.asdof3uj203asdnf3429uasdhfas3ehjasdfas9i",
      "user@example.com", "user@example.edu",
      [.badStatusCode]),
    Row(
      "clerr", "INVITE", 8, "clerr.0ha0isndaksdjweiafasdk3",
      "caller@example.net", "j.user@example.com",
      [.contentLengthMismatch]),
    Row(
      "cparam01", "REGISTER", 2, "cparam01.70710@saturn.example.com",
      "watson@example.com", "watson@example.com",
      []),
    Row(
      "cparam02", "REGISTER", 3, "cparam02.70710@saturn.example.com",
      "watson@example.com", "watson@example.com",
      []),
    Row(
      "dblreq", "REGISTER", 8, "dblreq.0ha0isndaksdj99sdfafnl3lk233412",
      "j.user@example.com", "j.user@example.com",
      [.multipleMessages]),
    Row(
      "esc01", "INVITE", 234234, "esc01.239409asdfakjkn23onasd0-3234",
      "I%20have%20spaces@example.net", "%75se%72@example.com",
      []),
    Row(
      "esc02", "RE%47IST%45R", 29344, "esc02.asdfnqwo34rq23i34jrjasdcnl23nrlknsdf",
      "resource@example.com", "resource@example.com",
      [.unknownMethod]),
    Row(
      "escnull", "REGISTER", 14398234, "escnull.39203ndfvkjdasfkq3w4otrq0adsfdfnavd",
      "null-%00-null@example.com", "null-%00-null@example.com",
      [.escapedNull]),
    Row(
      "escruri", "INVITE", 149209342, "escruri.23940-asdfhj-aje3br-234q098w-fawerh2q-h4n5",
      "caller@example.net", "user@example.com",
      [.requestURIHeaders]),
    Row(
      "insuf", "INVITE", 193942, "",
      "@", "@",
      [.missingHeader],
      headers: ["From", "To", "Call-ID", "Max-Forwards", "Contact"]),
    Row(
      "intmeth", "!interesting-Method0123456789_*+`.%indeed'~", 139122385,
      "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{",
      "mundane@example.com", "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com",
      [.unknownMethod]),
    Row(
      "inv2543", "INVITE", 56, "inv2543.1717@ift.client.example.com",
      "+13035551111@ift.client.example.net", "+16505552222@ss1.example.net",
      [.missingHeader, .missingTag, .oldBranch],
      headers: ["Max-Forwards", "Contact"]),
    Row(
      "invut", "INVITE", 235448, "invut.0ha0isndaksdjadsfij34n23d",
      "caller@example.net", "j.user@example.com",
      [.unknownContentType]),
    Row(
      "longreq", "INVITE", 3882340,
      "longreq.onereallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallyreallylongcallid",
      "amazinglylongcallernameamazinglylongcallernameamazinglylongcallernameamazinglylongcallernameamazinglylongcallername@example.net",
      "user@example.com",
      [.oldBranch]),
    Row(
      "ltgtruri", "INVITE", 1, "ltgtruri.1@192.0.2.5",
      "caller@example.net", "user@example.com",
      [.requestURIInBrackets, .oldBranch]),
    Row(
      "lwsdisp", "OPTIONS", 60, "lwsdisp.1234abcd@funky.example.com",
      "caller@example.com", "user@example.com",
      []),
    Row(
      "lwsruri", "INVITE", 2130706432, "lwsruri.asdfasdoeoi2323-asdfwrn23-asd834rk423",
      "caller@example.net", "user@example.com",
      [.requestURIWhitespace]),
    Row(
      "lwsstart", "INVITE", 1893884, "lwsstart.dfknq234oi243099adsdfnawe3@example.com",
      "caller@example.net", "user@example.com",
      [.malformedStartLine]),
    Row(
      "mcl01", "OPTIONS", 15932, "mcl01.fhn2323orihawfdoa3o4r52o3irsdf",
      "other@example.net", "user@example.com",
      [.multipleContentLength]),
    Row(
      "mismatch01", "OPTIONS", 8, "mismatch01.dj0234sxdfl3",
      "caller@example.net", "j.user@example.com",
      [.cseqMethodMismatch]),
    Row(
      "mismatch02", "NEWMETHOD", 8, "mismatch02.dj0234sxdfl3",
      "caller@example.net", "j.user@example.com",
      [.unknownMethod, .cseqMethodMismatch]),
    Row(
      "mpart01", "MESSAGE", 1, "3d9485ad0c49859b@Zmx1ZmZ5LW1hYy0xNi5sb2NhbA..",
      "fluffy@example.com", "kumiko@example.org",
      []),
    Row(
      "multi01", "INVITE", 5, "multi01.98asdh@192.0.2.1",
      "caller@example.com", "user@example.com",
      [.repeatedHeader],
      headers: ["CSeq", "Call-ID", "To", "From", "Max-Forwards", "Contact"]),
    Row(
      "ncl", "INVITE", 0, "ncl.0ha0isndaksdj2193423r542w35",
      "caller@example.net", "j.user@example.com",
      [.negativeContentLength]),
    Row(
      "noreason", "100", 35, "noreason.asndj203insdf99223ndf",
      "user@example.com", "user@example.edu",
      []),
    Row(
      "novelsc", "OPTIONS", 3923423, "novelsc.asdfasser0q239nwsdfasdkl34",
      "caller@example.net", "user@example.com",
      [.unknownURIScheme]),
    Row(
      "quotbal", "INVITE", 8, "quotbal.aksdj",
      "caller@example.net", "j.user@example.com",
      [.unbalancedQuotes]),
    Row(
      "regaut01", "REGISTER", 9338, "regaut01.0ha0isndaksdj",
      "j.user@example.com", "j.user@example.com",
      [.unknownAuthScheme]),
    Row(
      "regbadct", "REGISTER", 1, "regbadct.k345asrl3fdbv@10.0.0.1",
      "user@example.com", "user@example.com",
      [.uriHeadersInAddress, .unbracketedURI]),
    Row(
      "regescrt", "REGISTER", 14398234, "regescrt.k345asrl3fdbv@192.0.2.1",
      "user@example.com", "user@example.com",
      [.uriHeadersInAddress]),
    Row(
      "scalar02", "REGISTER", nil, "scalar02.23o0pd9vanlq3wnrlnewofjas9ui32",
      "user@example.com", "user@example.com",
      [.badContactExpires, .cseqOutOfRange, .badMaxForwards, .badExpires]),
    Row(
      "scalarlg", "503", nil, "scalarlg.noase0of0234hn2qofoaf0232aewf2394r",
      "other@example.net", "user@example.com",
      [.cseqOutOfRange, .badRetryAfter, .badWarning]),
    Row(
      "sdp01", "INVITE", 8, "sdp01.ndaksdj9342dasdd",
      "caller@example.net", "j_user@example.com",
      [.acceptWithoutSDP]),
    Row(
      "semiuri", "OPTIONS", 8, "semiuri.0ha0isndaksdj",
      "caller@example.org", "j_user@example.com",
      []),
    Row(
      "transports", "OPTIONS", 60, "transports.kijh4akdnaqjkwendsasfdj",
      "caller@example.com", "user@example.com",
      [.unknownTransport]),
    Row(
      "trws", "OPTIONS", 238923, "trws.oicu34958239neffasdhr2345r",
      "local-resource@example.com", "remote-target@example.com",
      [.malformedStartLine]),
    Row(
      "unkscm", "OPTIONS", 3923423, "unkscm.nasdfasser0q239nwsdfasdkl34",
      "caller@example.net", "user@example.com",
      [.unknownURIScheme]),
    Row(
      "unksm2", "REGISTER", 234902, "unksm2.daksdj@hyphenated-host.example.com",
      "@www.example.com", "@",
      [.unknownURIScheme]),
    Row(
      "unreason", "200", 35, "unreason.1234ksdfak3j2erwedfsASdf",
      "user@example.com", "user@example.edu",
      []),
    Row(
      "wsinv", "INVITE", 9, "wsinv.ndaksdj@192.0.2.1",
      "jdrosen@example.com", "vivekg@chair-dnrc.example.com",
      [.oldBranch]),
    Row(
      "zeromf", "OPTIONS", 39234321, "zeromf.jfasdlfnm2o2l43r5u0asdfas",
      "caller@example.net", "user@example.com",
      [.maxForwardsExhausted]),
  ]

  /// The valid messages (RFC 4475 §3.1.1) that carry a fault all the same, and why.
  static let justified: [String: String] = [
    "dblreq": "one datagram with two messages: legal to receive, worth a word (Snort 140:17)",
    "esc02": "its method is a token that nobody registered; the escape in it is no escape",
    "intmeth": "its method is a token that nobody registered",
    "escnull": "%00 is legal, but cuts strings in careless software",
    "longreq": "its top Via has no branch, as RFC 2543 senders had none",
    "transports": "one Via names the transport UNKNOWN",
    "wsinv": "the branch of its top Via lacks the magic cookie, as with RFC 2543 senders",
  ]
}
