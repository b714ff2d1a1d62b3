// A mail server for tests. It prints the port it listens on, then a line of JSON
// for each message it takes, and ends with its input. What it does with one is
// said by the first part of the recipient: refused@, full@, slow@ and bad@.
import { SMTPServer } from 'smtp-server';

const { security, key, cert, login, password } = JSON.parse(process.argv[2]);

const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code });

const server = new SMTPServer({
  secure: security === 'tls',
  disabledCommands: security === 'starttls' ? [] : ['STARTTLS'],
  hideSTARTTLS: security === 'none',
  key, cert, banner: 'peer', size: 1 << 20, closeTimeout: 100,
  authOptional: !login, disableReverseLookup: true, allowInsecureAuth: security === 'none',
  authMethods: ['PLAIN', 'LOGIN'],
  onAuth(auth, session, done) {
    const known = auth.username === login && auth.password === password;
    done(known ? null : refusal(535, '5.7.8 who are you'), { user: auth.username });
  },
  onRcptTo(to, session, done) {
    const [first] = to.address.split('@');
    if (first === 'refused') return done(refusal(550, '5.1.1 nobody of that name'));
    if (first === 'full') return done(refusal(452, '4.2.2 the box is full'));
    if (first !== 'slow') done();
  },
  onData(stream, session, done) {
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    stream.on('end', () => {
      if (session.envelope.rcptTo[0].address.startsWith('bad@')) return done(refusal(554, '5.6.0 not like that'));
      console.log(JSON.stringify({
        from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map((r) => r.address),
        secure: session.secure, user: session.user || '', raw: Buffer.concat(parts).toString('base64'),
      }));
      done();
    });
  },
});
server.on('error', () => {});
server.listen(0, '127.0.0.1', () => console.log(server.server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
