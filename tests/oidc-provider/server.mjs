// An OpenID provider that others wrote and certified (npm package oidc-provider), on a free port of
// loopback. It says where it is on standard output, and is told on standard input, a JSON object per
// line: `{"client": {…}}` for whom it works, `{"rotate": true}` to sign with a new key from now on,
// the one before still published. Each is answered by a line. It ends when standard input does.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

// Its advice for production is no answer to an order.
console.info = console.error;
// Where npm put the package.
const require = createRequire(`${process.argv[2]}/`);
const { default: Provider } = await import(pathToFileURL(require.resolve('oidc-provider')));

function newKey() {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const kid = randomBytes(8).toString('hex');
    return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' };
}

const cookieKeys = [randomBytes(32).toString('hex')];
let keys = [newKey()];
let client;
let answer = (_, response) => response.writeHead(503).end();

const server = createServer((request, response) => answer(request, response));
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;

// Its sessions are the module's, so that they outlive a change of keys.
function start() {
    const provider = new Provider(issuer, {
        clients: [client],
        jwks: { keys },
        cookies: { keys: cookieKeys },
        claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
        features: { backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
        // Whatever is typed as the login is who it is.
        findAccount: (_, id) => ({
            accountId: id,
            claims: () => ({ sub: id, name: id, email: `${id}@example.com`, email_verified: true }),
        }),
        // Nobody is asked for consent.
        async loadExistingGrant({ oidc }) {
            const { clientId } = oidc.client;
            const known = oidc.session.grantIdFor(clientId);
            if (known) return oidc.provider.Grant.find(known);
            const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session.accountId });
            grant.addOIDCScope('openid profile email');
            await grant.save();
            return grant;
        },
        // Its own way to send logout tokens does not reach loopback.
        fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    });
    provider.on('server_error', (_, error) => console.error(error));
    provider.on('backchannel.error', (_, error) => console.error(error));
    answer = provider.callback();
}

console.log(issuer);
for await (const line of createInterface({ input: process.stdin })) {
    const order = JSON.parse(line);
    if (order.client) client = order.client;
    if (order.rotate) keys = [newKey(), keys[0]];
    start();
    console.log('done');
}
process.exit();
