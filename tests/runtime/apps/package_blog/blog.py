from covet import Covet, json_response
from covet.middleware import BaseHTTPMiddleware

posts = []
comments = {}
views = 0


class Timer(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        response.headers["x-blog"] = "1"
        return response


app = Covet(debug=True)
app.add_middleware(Timer())

for i in range(3):
    posts.append({"id": i + 1, "slug": f"post-{i + 1}", "title": f"Blog Post {i + 1}", "published": True, "views": i * 10})

print("posts:", len(posts))


@app.get('/')
async def home(request):
    return {'message': 'Welcome', 'posts': [{'id': p['id'], 'title': p['title'], 'slug': p['slug']} for p in posts if p['published']]}


@app.get('/posts/{slug}')
async def get_post(request, slug):
    post = next((p for p in posts if p['slug'] == slug), None)
    if post is None:
        return {'error': 'Post not found'}, 404
    return {'post': post, 'comments': comments.get(post['id'], [])}


@app.put('/posts/{slug}/views')
async def seen(request, slug):
    post = next((p for p in posts if p['slug'] == slug), None)
    if post is None:
        return {'error': 'Post not found'}, 404
    post['views'] += 1
    return {'views': post['views']}


@app.post('/posts')
async def create_post(request):
    data = await request.json()
    if any(p['slug'] == data['slug'] for p in posts):
        return json_response({'error': 'slug taken'}, status_code=409)
    post = {'id': max(p['id'] for p in posts) + 1, 'slug': data['slug'], 'title': data['title'], 'published': data.get('published', False), 'views': 0}
    posts.append(post)
    return {'message': 'Post created', 'post': post}, 201


@app.post('/posts/{post_id}/comments')
async def add_comment(request, post_id):
    data = await request.json()
    comments.setdefault(post_id, []).append({'text': data['text'], 'approved': False})
    return {'comments': len(comments[post_id])}, 201


@app.get('/admin/stats')
async def stats(request):
    top = sorted(posts, key=lambda p: p['views'], reverse=True)[:3]
    return {'posts': len(posts), 'published': len([p for p in posts if p['published']]), 'top': [{'title': p['title'], 'views': p['views']} for p in top]}


if __name__ == '__main__':
    app.run(host='127.0.0.1', port=8000)
