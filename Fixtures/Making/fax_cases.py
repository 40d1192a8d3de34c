#!/usr/bin/env python3
"""Makes the capture of the case media-fax-overflow: a fax call, and datagrams that overflow its receiver."""
import pathlib
import struct
T0=1773237000.0  # 2026-03-11 13:50 UTC
out=[]
mac={'10.20.0.101':b'\x02\0\0\0\1\1','10.20.0.10':b'\x02\0\0\0\0\x0a'}
ident=[100]
def ipb(a): return bytes(map(int,a.split('.')))
def csum(b):
    if len(b)%2: b+=b'\0'
    s=sum(struct.unpack('!%dH'%(len(b)//2),b))
    while s>>16: s=(s&0xffff)+(s>>16)
    return ~s&0xffff
def udp(t,src,sp,dst,dp,data,order=None):
    ln=8+len(data)
    ps=ipb(src)+ipb(dst)+struct.pack('!BBH',0,17,ln)
    u=struct.pack('!HHHH',sp,dp,ln,0)+data
    c=csum(ps+u) or 0xffff
    u=u[:6]+struct.pack('!H',c)+u[8:]
    ident[0]+=1
    parts=[(o,u[o:o+1480]) for o in range(0,len(u),1480)]
    if order: parts=[parts[i] for i in order]
    for k,(o,p) in enumerate(parts):
        more=o+len(p)<len(u)
        h=struct.pack('!BBHHHBBH4s4s',0x45,0,20+len(p),ident[0],(0x2000 if more else 0)|o//8,64,17,0,ipb(src),ipb(dst))
        h=h[:10]+struct.pack('!H',csum(h))+h[12:]
        f=mac[dst]+mac[src]+b'\x08\0'+h+p
        out.append((T0+t+k*0.0001,f))
A,X='10.20.0.101','10.20.0.10'
def sip(t,src,dst,first,cseq,method,extra=(),sdp=None,totag=None,branch=None):
    l=[first,f'Via: SIP/2.0/UDP {A}:5060;branch={branch}','From: <sip:fax@example.test>;tag=f1',
       'To: <sip:600@example.test>'+(';tag=x1' if totag else ''),'Call-ID: fax-1@example.test',f'CSeq: {cseq} {method}','Max-Forwards: 70'] if not first.startswith('SIP') else \
      [first,f'Via: SIP/2.0/UDP {A}:5060;branch={branch}','From: <sip:fax@example.test>;tag=f1',
       'To: <sip:600@example.test>'+(';tag=x1' if totag else ''),'Call-ID: fax-1@example.test',f'CSeq: {cseq} {method}']
    l+=list(extra)
    if sdp: l.append('Content-Type: application/sdp')
    l.append(f'Content-Length: {len(sdp or "")}')
    udp(t,src,5060,dst,5060,('\r\n'.join(l)+'\r\n\r\n'+(sdp or '')).encode())
def sdp(host,v,media): return f'v=0\r\no=- 1 {v} IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n{media}'
t38='a=T38FaxVersion:0\r\na=T38MaxBitRate:14400\r\na=T38FaxRateManagement:transferredTCF\r\na=T38FaxMaxDatagram:400\r\na=T38FaxUdpEC:t38UDPRedundancy\r\n'
ca=f'Contact: <sip:fax@{A}:5060>'; cx=f'Contact: <sip:600@{X}:5060>'
sip(0,A,X,'INVITE sip:600@example.test SIP/2.0',1,'INVITE',[ca],sdp(A,1,'m=audio 16100 RTP/AVP 8\r\n'),branch='z9hG4bK1')
sip(.02,X,A,'SIP/2.0 200 OK',1,'INVITE',[cx],sdp(X,1,'m=audio 18000 RTP/AVP 8\r\n'),1,'z9hG4bK1')
sip(.04,A,X,f'ACK sip:600@{X}:5060 SIP/2.0',1,'ACK',[],None,1,'z9hG4bK2')
sip(2,A,X,f'INVITE sip:600@{X}:5060 SIP/2.0',2,'INVITE',[ca],sdp(A,2,'m=image 16100 udptl t38\r\n'+t38),1,'z9hG4bK3')
sip(2.02,X,A,'SIP/2.0 200 OK',2,'INVITE',[cx],sdp(X,2,'m=image 18002 udptl t38\r\n'+t38),1,'z9hG4bK3')
sip(2.04,A,X,f'ACK sip:600@{X}:5060 SIP/2.0',2,'ACK',[],None,1,'z9hG4bK4')
def udptl(seq,primary,reps): return struct.pack('!HB',seq,len(primary))+primary+b'\0'+bytes([len(reps)])+b''.join(bytes([len(r)])+r for r in reps)
tone=b'\x06'; v21=b'\xc0\x01\x80\x00\x00\xff'
seq=0; past=[]
for k in range(8):
    p=tone if k<3 else v21
    udp(2.1+.03*k,A,16100,X,18002,udptl(seq,p,past[-3:][::-1])); past.append(p); seq+=1
for k in range(4):
    udp(2.2+.03*k,X,18002,A,16100,udptl(k,tone,[tone]*min(k,3)))
# 15 repetitions are the most, 16 are too many
udp(3,A,16100,X,18002,udptl(8,tone,[tone]*15))
udp(4,A,16100,X,18002,udptl(9,tone,[tone]*16))
# one repetition after the other, 6,000 bytes in five fragments, the last one first
big=struct.pack('!HB',10,1)+tone+b'\0'+bytes([0x80|2990>>8,2990&255])+b'\1\6'*2990
udp(5,A,16100,X,18002,big,order=[4,0,1,2,3])
# the same to where nobody expects a fax
udp(6,A,16100,X,18004,big)
sip(7,A,X,f'BYE sip:600@{X}:5060 SIP/2.0',3,'BYE',[],None,1,'z9hG4bK5')
sip(7.02,X,A,'SIP/2.0 200 OK',3,'BYE',[],None,1,'z9hG4bK5')
out.sort(key=lambda x:x[0])
with open(pathlib.Path(__file__).parent.parent / "Cases/media-fax-overflow/input.pcap",'wb') as f:
    f.write(struct.pack('<IHHiIII',0xa1b2c3d4,2,4,0,0,65535,1))
    for t,p in out:
        us=round(t*1e6); f.write(struct.pack('<IIII',us//1000000,us%1000000,len(p),len(p))+p)
