<?php
// Everybody who can sign in here, by login:password.
$config = ['people' => [
    'exampleauth:UserPass',
    'camille:canal-brume-jeudi' => [
        'uid' => ['c.moreau'], 'givenName' => ['Camille'], 'sn' => ['Moreau'], 'mail' => ['camille@example.org'],
        'preferredLanguage' => ['en'], 'departmentNumber' => ['Support'], 'memberOf' => ['support', 'paris'],
    ],
]];
