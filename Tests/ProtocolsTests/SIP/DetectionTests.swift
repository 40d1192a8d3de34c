import Packets
import Protocols
import Testing

struct DetectionTests {
  private func detect(_ text: String) -> SIPDetection {
    let bytes = Array(text.utf8)
    return SIPDetector.looksLikeSIP(bytes.span)
  }

  @Test(arguments: [
    "INVITE sip:a@b SIP/2.0\r\n\r\n", "OPTIONS sip:[2001:db8::1] SIP/2.0\r\n\r\n",
    "\r\n\r\nREGISTER sip:b SIP/2.0\r\n", "OPTIONS sip:a@b SIP/7.0\r\n", "NEW-METHOD tel:+1 SIP/2.0\r\n",
    "invite sip:a@b sip/2.0\r\n", "OPTIONS * SIP/2.0\r\n", "NOTIFY urn:service:sos SIP/2.0\n",
    "BYE sip:a@b SIP/2.0",
  ])
  func `a request line with a SIP version is SIP`(text: String) {
    #expect(detect(text) == .request)
  }

  @Test(arguments: [
    "SIP/2.0 200 OK\r\n", "sip/2.0 180 Ringing\r\n", "\r\nSIP/2.0 100 \r\n", "SIP/7.0 200 OK\n",
  ])
  func `a status line is SIP even at the start of a flow`(text: String) {
    #expect(detect(text) == .response)
  }

  @Test(arguments: [
    "INVITE  SIP/2.0\r\n\r\n", "INVITE sip:a@b\r\nVia: SIP/2.0/UDP h\r\n\r\n",
    "REGISTER\tsip:a@b\r\n", "OPTIONS sip:a@b SIP2.0\r\nv: SIP/2.0/UDP h\r\n\r\n",
    "ACK foo\r\nCall-ID: 1\r\nMax-Forwards: 70\r\n\r\n", "FOO bar baz SIP/2.0\r\nVia: SIP/2.0/TCP h\r\n\r\n",
  ])
  func `a broken request line with the look of SIP is malformed SIP`(text: String) {
    #expect(detect(text) == .malformedRequest)
  }

  @Test
  func `a broken status line with the look of SIP is malformed SIP`() {
    #expect(detect("SIP/2.0200 OK\r\nVia: SIP/2.0/UDP h\r\n\r\n") == .malformedResponse)
    #expect(detect("SIP/2.0 \r\nVia: SIP/2.0/UDP h\r\n\r\n") == .malformedResponse)
  }

  @Test(arguments: [
    "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n", "M-SEARCH * HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\nVia: 1.1 proxy\r\n\r\n", "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nVia: RTSP/1.0 x\r\n\r\n",
    "OPTIONS rtsp://a/b RTSP/1.0\r\nCSeq: 1\r\nMax-Forwards: 3\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
    "OPTIONS / HTTP/1.1\r\nMax-Forwards: 1\r\nCall-ID: x\r\n\r\n", "SIP", "SIP/", "SIP/2.0", "INVITE",
    "INVITE me to your party\r\nFrom: a@b\r\nTo: c@d\r\nSubject: hello\r\n\r\n", "", "\r\n\r\n", "\r",
    "<134>Jan 1 host: INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n\r\n", "MESSAGE",
    "AUEP 1201 aaln/2@ca.example.com MGCP 1.0\r\n\r\n", "hello world\r\n", "From: a\r\nTo: b\r\n\r\n",
    "UPDATE accounts SET a = 1 WHERE b = 2", "INFO 12:00 server started", "REFER to the manual\n",
    "SIPPING SIP/2.0 tea", "FOO bar SIP/2.0",
  ])
  func `other protocols and plain text are not SIP`(text: String) {
    #expect(detect(text) == .notSIP)
  }

  @Test
  func `binary payloads are not SIP`() {
    for first in UInt8.min...UInt8.max {
      let bytes = [first, 0, 1, 2, 0x20, 0x80, 0xff, 0x0a]
      let detection = SIPDetector.looksLikeSIP(bytes.span)
      #expect(detection == .notSIP)
    }
  }

  @Test
  func `line ends alone are a keep-alive and no message`() {
    #expect(ParsedMessage(Array("\r\n\r\n".utf8)).status == .keepAlive)
    #expect(ParsedMessage(Array("\r\n".utf8)).status == .keepAlive)
    #expect(ParsedMessage([]).status == .notSIP)
  }
}
