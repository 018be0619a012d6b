"""A bank behind tokens that it signs itself, for pages of every origin."""
from datetime import datetime, timezone
from functools import wraps
import jwt
from flask import Flask, request, jsonify, g
from flask_cors import CORS
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.config['SECRET_KEY'] = 'super-secret'
CORS(app, resources={r"/api/*": {"origins": "*"}})

users = {}
accounts = {}
transactions = []
account_seq = 1000
revoked = set()


class InsufficientFunds(Exception):
    def __init__(self, needed, available):
        super().__init__(f'needed {needed}, available {available}')
        self.needed = needed
        self.available = available


@app.errorhandler(InsufficientFunds)
def handle_insufficient(e):
    return jsonify(error='insufficient_funds', needed=e.needed, available=e.available), 409


@app.errorhandler(404)
def nf(e):
    return jsonify({'error': 'not found'}), 404


def token_required(f):
    @wraps(f)
    def decorated(*args, **kwargs):
        auth = request.headers.get('Authorization', '')
        if not auth.startswith('Bearer '):
            return jsonify({'error': 'token missing'}), 401
        token = auth.split(' ', 1)[1]
        if token in revoked:
            return jsonify({'error': 'token revoked'}), 401
        try:
            data = jwt.decode(token, app.config['SECRET_KEY'], algorithms=['HS256'])
        except jwt.ExpiredSignatureError:
            return jsonify({'error': 'token expired'}), 401
        except jwt.InvalidTokenError:
            return jsonify({'error': 'invalid token'}), 401
        current_user = users.get(data['sub'])
        if current_user is None:
            return jsonify({'error': 'unknown user'}), 401
        g.token = token
        return f(current_user, *args, **kwargs)
    return decorated


@app.route('/api/register', methods=['POST'])
def register():
    data = request.get_json(silent=True) or {}
    username = (data.get('username') or '').strip().lower()
    password = data.get('password')
    if not username or not password:
        return jsonify({'error': 'username and password required'}), 400
    if username in users:
        return jsonify({'error': 'username taken'}), 409
    users[username] = {
        'username': username,
        'password': generate_password_hash(password),
        'created_at': datetime.now(timezone.utc).isoformat(),
    }
    return jsonify({'username': username}), 201


@app.route('/api/login', methods=['POST'])
def login():
    data = request.get_json(silent=True) or {}
    user = users.get(data.get('username', ''))
    if not user or not check_password_hash(user['password'], str(data.get('password', ''))):
        return jsonify({'error': 'bad credentials'}), 401
    token = jwt.encode({'sub': user['username']}, app.config['SECRET_KEY'], algorithm='HS256')
    return jsonify({'token': token})


@app.route('/api/logout', methods=['POST'])
@token_required
def logout(current_user):
    revoked.add(g.token)
    return '', 204


def _own_account(user, account_id):
    acc = accounts.get(account_id)
    if acc is None or acc['owner'] != user['username']:
        return None
    return acc


@app.route('/api/accounts', methods=['POST'])
@token_required
def open_account(current_user):
    global account_seq
    account_seq += 1
    acc = {'id': account_seq, 'owner': current_user['username'], 'balance': 0, 'currency': request.json.get('currency', 'EUR')}
    accounts[account_seq] = acc
    return jsonify(acc), 201


@app.route('/api/accounts')
@token_required
def list_accounts(current_user):
    return jsonify([a for a in accounts.values() if a['owner'] == current_user['username']])


@app.route('/api/accounts/<int:account_id>/deposit', methods=['POST'])
@token_required
def deposit(current_user, account_id):
    acc = _own_account(current_user, account_id)
    if acc is None:
        return jsonify({'error': 'account not found'}), 404
    amount = request.json.get('amount')
    if not isinstance(amount, (int, float)) or amount <= 0:
        return jsonify({'error': 'amount must be positive'}), 422
    acc['balance'] += amount
    transactions.append({'account': account_id, 'kind': 'deposit', 'amount': amount})
    return jsonify(acc)


@app.route('/api/accounts/<int:account_id>/transfer', methods=['POST'])
@token_required
def transfer(current_user, account_id):
    src = _own_account(current_user, account_id)
    if not src:
        return jsonify({'error': 'account not found'}), 404
    body = request.get_json()
    dst = accounts.get(body['to'])
    if not dst:
        return jsonify({'error': 'target not found'}), 404
    amount = body['amount']
    if src['balance'] < amount:
        raise InsufficientFunds(amount, src['balance'])
    src['balance'] -= amount
    dst['balance'] += amount
    transactions.append({'account': account_id, 'kind': 'out', 'amount': amount})
    transactions.append({'account': dst['id'], 'kind': 'in', 'amount': amount})
    return jsonify({'from': src, 'to': dst})


@app.route('/api/accounts/<int:account_id>/transactions')
@token_required
def history(current_user, account_id):
    if not _own_account(current_user, account_id):
        return jsonify({'error': 'account not found'}), 404
    kind = request.args.get('kind')
    limit = request.args.get('limit', default=20, type=int)
    txs = [t for t in transactions if t['account'] == account_id]
    if kind:
        txs = [t for t in txs if t['kind'] == kind]
    return jsonify({'items': txs[-limit:], 'total': len(txs), 'sum': sum(t['amount'] for t in txs)})


@app.get('/api/stats')
def stats():
    by_kind = {}
    for t in transactions:
        by_kind[t['kind']] = by_kind.get(t['kind'], 0) + 1
    return {'users': len(users), 'accounts': len(accounts), 'by_kind': by_kind}


if __name__ == '__main__':
    app.run(debug=True)
