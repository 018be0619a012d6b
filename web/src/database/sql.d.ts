declare module "sql.js/dist/sql-wasm-browser.js" {
    export interface Database {
        exec(sql: string): { columns: string[]; values: (string | number | null | Uint8Array)[][] }[];
        close(): void;
    }
    export interface SqlJsStatic {
        Database: new (bytes?: Uint8Array) => Database;
    }
    export default function initSqlJs(options: { locateFile(name: string): string }): Promise<SqlJsStatic>;
}
