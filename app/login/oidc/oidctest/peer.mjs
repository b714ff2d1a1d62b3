// An OpenID provider for tests: it takes any login without a password, and
// knows Camille and Sacha. It prints its issuer, and ends with its input.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [loggedOut, ...redirects] = process.argv.slice(2);
const people = {
  camille: { preferred_username: 'c.moreau', given_name: 'Camille', family_name: 'Moreau', email: 'camille@example.org', email_verified: true, locale: 'fr', groups: ['support', 'paris'], address: { locality: 'Paris' } },
  sacha: { preferred_username: 's.lenoir', given_name: 'Sacha', family_name: 'Lenoir', email: 'someone.else@example.org', email_verified: false, locale: 'en', groups: [] },
};

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const client = (id, method) => ({
    client_id: id, redirect_uris: redirects, post_logout_redirect_uris: [loggedOut, ...redirects.map((back) => new URL('/login', back).href)], token_endpoint_auth_method: method,
    ...(method === 'none' ? {} : { client_secret: 'a secret: with signs & spaces/+' }),
  });
  const provider = new Provider(issuer, {
    clients: [client('selfhelp', 'client_secret_basic'), client('public', 'none')],
    clientAuthMethods: ['client_secret_basic', 'none'],
    claims: { openid: ['sub'], profile: ['preferred_username', 'given_name', 'family_name', 'locale', 'groups', 'address'], email: ['email', 'email_verified'] },
    findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
    cookies: { keys: ['for tests only'] },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
process.stdin.on('end', () => process.exit(0)).resume();
