/* Made by scripts/types.ts from the services' OpenAPI documents; changes are lost. */

export interface paths {
    "/api/admin/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Alerts
         * @description Alerts, the latest first, and how many are open.
         */
        get: operations["alerts_api_admin_alerts_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/alerts/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Channels
         * @description All channels, without their secrets.
         */
        get: operations["channels_api_admin_alerts_channels_get"];
        put?: never;
        /**
         * Add Channel
         * @description Add a channel.
         */
        post: operations["add_channel_api_admin_alerts_channels_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/alerts/channels/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change Channel
         * @description Change a channel.
         */
        put: operations["change_channel_api_admin_alerts_channels__number__put"];
        post?: never;
        /**
         * Remove Channel
         * @description Remove a channel.
         */
        delete: operations["remove_channel_api_admin_alerts_channels__number__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/alerts/channels/{number}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test Channel
         * @description Send a test notice now and tell how it went.
         */
        post: operations["test_channel_api_admin_alerts_channels__number__test_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/alerts/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rules
         * @description All rules as they are set; ``defaults`` is what they were shipped with, and since when.
         */
        get: operations["rules_api_admin_alerts_rules_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/alerts/rules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change Rule
         * @description Set a rule.
         */
        put: operations["change_rule_api_admin_alerts_rules__name__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/alerts/silences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Silences
         * @description Silences in force.
         */
        get: operations["silences_api_admin_alerts_silences_get"];
        put?: never;
        /**
         * Silence
         * @description Hold notices back for a while, for maintenance for instance; alerts themselves go on.
         */
        post: operations["silence_api_admin_alerts_silences_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/alerts/silences/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End Silence
         * @description Let notices go out again.
         */
        delete: operations["end_silence_api_admin_alerts_silences__number__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/alerts/{number}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Acknowledge
         * @description Say that somebody sees to a firing alert.
         */
        post: operations["acknowledge_api_admin_alerts__number__acknowledge_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/backups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Backups
         * @description All backups, the last restore test with the time it took, and how much would be lost now.
         */
        get: operations["backups_api_admin_backups_get"];
        put?: never;
        /**
         * Begin
         * @description Begin a backup; it goes on in the background.
         */
        post: operations["begin_api_admin_backups_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/backups/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Backup
         * @description One backup with its files.
         */
        get: operations["backup_api_admin_backups__name__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/backups/{name}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify
         * @description Begin a restore test of one backup beside the running platform.
         */
        post: operations["verify_api_admin_backups__name__verify_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/cells": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Cells
         * @description All cells.
         */
        get: operations["cells_api_admin_cells_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/cells/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Cell
         * @description One cell with instances, breaker and manifest.
         */
        get: operations["cell_api_admin_cells__name__get"];
        put?: never;
        post?: never;
        /**
         * Remove
         * @description Forget a cell that no longer runs.
         */
        delete: operations["remove_api_admin_cells__name__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/cells/{name}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Disable
         * @description Take a cell out of service; its instances run on.
         */
        post: operations["disable_api_admin_cells__name__disable_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/cells/{name}/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Documents
         * @description The cell's OpenAPI document, fetched from one of its instances.
         */
        get: operations["documents_api_admin_cells__name__docs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/cells/{name}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enable
         * @description Let a cell serve again.
         */
        post: operations["enable_api_admin_cells__name__enable_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/cells/{name}/lights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lights
         * @description How a cell's light changed, the latest first.
         */
        get: operations["lights_api_admin_cells__name__lights_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/cells/{name}/{action}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Operate
         * @description Stop, start or restart a cell's process on this machine; a stopped one stays stopped until it is started.
         */
        post: operations["operate_api_admin_cells__name___action__post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/configuration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Current
         * @description All settings with their values, where each comes from, and which processes must be restarted for what.
         */
        get: operations["current_api_admin_configuration_get"];
        /**
         * Change
         * @description Set some values as a new version.
         */
        put: operations["change_api_admin_configuration_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/configuration/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restart
         * @description Restart processes one after the other; requests under way are answered first.
         */
        post: operations["restart_api_admin_configuration_restart_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/configuration/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Versions
         * @description Who changed what, when and why; the latest first.
         */
        get: operations["versions_api_admin_configuration_versions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/configuration/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Version
         * @description One version with all its values.
         */
        get: operations["version_api_admin_configuration_versions__version__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/configuration/versions/{version}/difference": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Difference
         * @description What changed between two versions; ``to`` is by default the one in force, 0 is all defaults.
         */
        get: operations["difference_api_admin_configuration_versions__version__difference_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/configuration/versions/{version}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Roll Back
         * @description Make an old version's values the current ones, as a new version; 0 is all defaults.
         */
        post: operations["roll_back_api_admin_configuration_versions__version__rollback_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/departments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Departments */
        get: operations["list_departments_api_admin_departments_get"];
        put?: never;
        /** Create Department */
        post: operations["create_department_api_admin_departments_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/departments/{department_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read Department */
        get: operations["read_department_api_admin_departments__department_id__get"];
        put?: never;
        post?: never;
        /** Delete Department */
        delete: operations["delete_department_api_admin_departments__department_id__delete"];
        options?: never;
        head?: never;
        /** Change Department */
        patch: operations["change_department_api_admin_departments__department_id__patch"];
        trace?: never;
    };
    "/api/admin/golden-signals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Golden Signals
         * @description Signals over ``window`` seconds: of one service with their course, or of all in short.
         */
        get: operations["golden_signals_api_admin_golden_signals_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/golden-signals/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Course
         * @description The course of the signals by minutes, of one service or of all; also of the time before a restart.
         */
        get: operations["course_api_admin_golden_signals_history_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/health-summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health Summary
         * @description The gateway, the platform's services and every cell in one answer.
         */
        get: operations["health_summary_api_admin_health_summary_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Logs
         * @description Entries of the logs of all processes or those named, the latest first; ``level`` and everything graver.
         */
        get: operations["logs_api_admin_logs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/packages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Packages */
        get: operations["list_packages_api_admin_packages_get"];
        put?: never;
        /** Create Package */
        post: operations["create_package_api_admin_packages_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/packages/{package_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read Package */
        get: operations["read_package_api_admin_packages__package_id__get"];
        put?: never;
        post?: never;
        /** Delete Package */
        delete: operations["delete_package_api_admin_packages__package_id__delete"];
        options?: never;
        head?: never;
        /** Change Package */
        patch: operations["change_package_api_admin_packages__package_id__patch"];
        trace?: never;
    };
    "/api/admin/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Permissions */
        get: operations["list_permissions_api_admin_permissions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Requests
         * @description Requests as the gateway answered them, the latest first; without ``from`` those of the last day.
         */
        get: operations["requests_api_admin_requests_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/requests/{request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Request
         * @description One request with everything that carries its trace: calls between cells, events, and what services wrote.
         */
        get: operations["request_api_admin_requests__request_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Roles */
        get: operations["list_roles_api_admin_roles_get"];
        put?: never;
        /** Create Role */
        post: operations["create_role_api_admin_roles_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/roles/{role_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read Role */
        get: operations["read_role_api_admin_roles__role_id__get"];
        put?: never;
        post?: never;
        /** Delete Role */
        delete: operations["delete_role_api_admin_roles__role_id__delete"];
        options?: never;
        head?: never;
        /** Change Role */
        patch: operations["change_role_api_admin_roles__role_id__patch"];
        trace?: never;
    };
    "/api/admin/roles/{role_id}/copy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Copy Role */
        post: operations["copy_role_api_admin_roles__role_id__copy_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/roles/{role_id}/difference/{other_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Difference
         * @description What another role gives more, less or differently.
         */
        get: operations["difference_api_admin_roles__role_id__difference__other_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/routes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Current Routes
         * @description The route table in force.
         */
        get: operations["current_routes_api_admin_routes_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/routes/cells/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change Route
         * @description Change a cell's route.
         */
        patch: operations["change_route_api_admin_routes_cells__name__patch"];
        trace?: never;
    };
    "/api/admin/routes/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Versions
         * @description Versions of the route table, the latest first.
         */
        get: operations["versions_api_admin_routes_versions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/routes/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Version
         * @description One version with its whole content.
         */
        get: operations["version_api_admin_routes_versions__version__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/routes/versions/{version}/difference": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Difference
         * @description What changed between two versions; ``to`` is by default the one in force.
         */
        get: operations["difference_api_admin_routes_versions__version__difference_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/routes/versions/{version}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Roll Back
         * @description Make an old version's settings the current ones, as a new version.
         */
        post: operations["roll_back_api_admin_routes_versions__version__rollback_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Services
         * @description Every service with its signals of the last minute.
         */
        get: operations["services_api_admin_services_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Sessions */
        get: operations["list_sessions_api_admin_sessions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/sessions/end-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End All Sessions
         * @description Everybody has to log in again, the caller himself excepted.
         */
        post: operations["end_all_sessions_api_admin_sessions_end_all_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End Session */
        delete: operations["end_session_api_admin_sessions__session_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/signing-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Keys */
        get: operations["list_keys_api_admin_signing_keys_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/signing-keys/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rotate */
        post: operations["rotate_api_admin_signing_keys_rotate_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Subscribed
         * @description All event subscriptions.
         */
        get: operations["subscribed_api_admin_subscriptions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * System
         * @description Versions, the machine, disks, processes with their memory, and how old the keys are.
         */
        get: operations["system_api_admin_system_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/system/databases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Databases
         * @description Sizes of the databases and the statements that have cost most.
         */
        get: operations["databases_api_admin_system_databases_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/system/licences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Licences
         * @description Every installed package with its licence.
         */
        get: operations["licences_api_admin_system_licences_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/tenant-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read Settings */
        get: operations["read_settings_api_admin_tenant_settings_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change Settings */
        patch: operations["change_settings_api_admin_tenant_settings_patch"];
        trace?: never;
    };
    "/api/admin/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Tenants */
        get: operations["list_tenants_api_admin_tenants_get"];
        put?: never;
        /** Create Tenant */
        post: operations["create_tenant_api_admin_tenants_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/tenants/{tenant_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read Tenant */
        get: operations["read_tenant_api_admin_tenants__tenant_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change Tenant */
        patch: operations["change_tenant_api_admin_tenants__tenant_id__patch"];
        trace?: never;
    };
    "/api/admin/tenants/{tenant_id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Disable */
        post: operations["disable_api_admin_tenants__tenant_id__disable_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/tenants/{tenant_id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enable */
        post: operations["enable_api_admin_tenants__tenant_id__enable_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/tenants/{tenant_id}/reset-administrator": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rescue
         * @description 200 with the generated ``password``, shown this once.
         */
        post: operations["rescue_api_admin_tenants__tenant_id__reset_administrator_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/tenants/{tenant_id}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read Usage */
        get: operations["read_usage_api_admin_tenants__tenant_id__usage_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/topology": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Topology
         * @description The traffic of the last ``window`` seconds; services that nobody called are there as well.
         */
        get: operations["topology_api_admin_topology_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Users */
        get: operations["list_users_api_admin_users_get"];
        put?: never;
        /** Create User */
        post: operations["create_user_api_admin_users_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The list as a file */
        get: {
            parameters: {
                query?: {
                    format?: "csv" | "xlsx";
                    q?: string;
                    filter?: string;
                    sort?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                        "text/csv": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Users from a file: all rows or none */
        post: {
            parameters: {
                query?: {
                    dry_run?: boolean;
                    passwords?: "generate" | "reset";
                    encoding?: "auto" | "utf-8" | "utf-8-sig" | "gb18030" | "gbk";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "multipart/form-data": {
                        /** Format: binary */
                        file: string;
                    };
                    "text/csv": string;
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["IdentityImportReport"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/import-template": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The columns of an import */
        get: {
            parameters: {
                query?: {
                    format?: "csv" | "xlsx";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                        "text/csv": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read User */
        get: operations["read_user_api_admin_users__user_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change User */
        patch: operations["change_user_api_admin_users__user_id__patch"];
        trace?: never;
    };
    "/api/admin/users/{user_id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Disable */
        post: operations["disable_api_admin_users__user_id__disable_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/{user_id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enable */
        post: operations["enable_api_admin_users__user_id__enable_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/{user_id}/kick": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Kick */
        post: operations["kick_api_admin_users__user_id__kick_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/{user_id}/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset Password
         * @description 200 with the generated ``password``, shown this once; 204 where the caller gave one.
         */
        post: operations["reset_password_api_admin_users__user_id__reset_password_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/{user_id}/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set Roles */
        post: operations["set_roles_api_admin_users__user_id__roles_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/admin/users/{user_id}/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Unlock */
        post: operations["unlock_api_admin_users__user_id__unlock_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/governance/cells": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Discovery
         * @description All cells with the addresses of their instances and what they say of themselves.
         */
        get: operations["discovery_api_governance_cells_get"];
        put?: never;
        /**
         * Register
         * @description Add an instance; it stays as long as it renews.
         */
        post: operations["register_api_governance_cells_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/governance/cells/{name}/instances/{instance_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Renew
         * @description Extend the lease; 404 means: register again.
         */
        put: operations["renew_api_governance_cells__name__instances__instance_id__put"];
        post?: never;
        /**
         * Leave
         * @description Get no more requests; those under way are answered.
         */
        delete: operations["leave_api_governance_cells__name__instances__instance_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/governance/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health
         * @description Open to everybody: the overall light, and each cell's.
         */
        get: operations["health_api_governance_health_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/governance/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Subscribed
         * @description Who wants a producer's events; with an ETag, so that asking often costs little.
         */
        get: operations["subscribed_api_governance_subscriptions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/monitor/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health
         * @description Open: whether the monitor sees governance and how many services answer.
         */
        get: operations["health_api_monitor_health_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change */
        post: operations["change_api_v1_auth_change_password_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/departments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Departments */
        get: operations["departments_api_v1_auth_departments_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/jwks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public key set */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Login */
        post: operations["login_api_v1_auth_login_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Logout */
        post: operations["logout_api_v1_auth_logout_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Me */
        get: operations["me_api_v1_auth_me_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * People
         * @description Those of ``ids``, or the active ones whose name has ``q``.
         */
        get: operations["people_api_v1_auth_people_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read Preferences */
        get: operations["read_preferences_api_v1_auth_preferences_get"];
        /** Write Preferences */
        put: operations["write_preferences_api_v1_auth_preferences_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Refresh */
        post: operations["refresh_api_v1_auth_refresh_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/service-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Service Token */
        post: operations["service_token_api_v1_auth_service_token_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Own Sessions */
        get: operations["own_sessions_api_v1_auth_sessions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/end-others": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End Other Sessions */
        post: operations["end_other_sessions_api_v1_auth_sessions_end_others_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End Own Session */
        delete: operations["end_own_session_api_v1_auth_sessions__session_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identity/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Entries */
        get: operations["list_entries_api_v1_identity_audit_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identity/audit/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Verification */
        get: operations["verification_api_v1_identity_audit_verification_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identity/departments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look departments up */
        get: {
            parameters: {
                query?: {
                    ids?: string;
                    q?: string;
                    filter?: string;
                    sort?: string;
                    limit?: number;
                    cursor?: string;
                    total?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identity/directory/departments/{department_id}/leaders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The leaders of a department and those above, nearest first (cells) */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    department_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identity/directory/roles/{code}/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The active users of a role (cells) */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    code: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identity/directory/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Active users by id (cells) */
        get: {
            parameters: {
                query?: {
                    ids?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identity/role-documents/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a user may do */
        get: {
            parameters: {
                query?: {
                    offline?: boolean;
                };
                header?: never;
                path: {
                    user_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identity/role-documents/{user_id}/provenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which roles a user has and what each of them gives */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    user_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identity/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look users up */
        get: {
            parameters: {
                query?: {
                    ids?: string;
                    q?: string;
                    filter?: string;
                    sort?: string;
                    limit?: number;
                    cursor?: string;
                    total?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform/cells": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Cells
         * @description Name, version and light of every cell; why one cannot be used, in the caller's language.
         */
        get: operations["cells_api_v1_platform_cells_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Change
         * @description New values (None: the default again); ``version`` is the one that was read.
         */
        GovernanceChange: {
            /** Reason */
            reason: string;
            /** Values */
            values: {
                [key: string]: number | string | null;
            };
            /** Version */
            version: number;
        };
        /**
         * LabelBody
         * @description A name in both languages.
         */
        GovernanceLabelBody: {
            /** En */
            en: string;
            /** Zh */
            zh: string;
        };
        /**
         * Manifest
         * @description What a cell says of itself; governance reads the subscriptions and hands on the rest.
         */
        GovernanceManifest: {
            /** Subscribes */
            subscribes?: components["schemas"]["GovernanceSubscription"][];
        } & {
            [key: string]: unknown;
        };
        /**
         * Registration
         * @description One instance of a cell.
         */
        GovernanceRegistration: {
            label: components["schemas"]["GovernanceLabelBody"];
            manifest?: components["schemas"]["GovernanceManifest"];
            /** Name */
            name: string;
            /** Url */
            url: string;
            /** Version */
            version: string;
        };
        /**
         * Restart
         * @description Processes to restart so that what was changed takes effect.
         */
        GovernanceRestart: {
            /** Services */
            services: string[];
        };
        /**
         * RollBack
         * @description Go back; ``version`` is the current one.
         */
        GovernanceRollBack: {
            /** Reason */
            reason: string;
            /** Version */
            version: number;
        };
        /**
         * RouteChange
         * @description What an operator may set of a cell's route; None goes back to the gateway's own time-out.
         */
        GovernanceRouteChange: {
            /** Timeout Seconds */
            timeout_seconds: number | null;
        };
        /**
         * Subscription
         * @description One event type that a cell wants; without the data fields ``given`` an event is of no concern to it.
         */
        GovernanceSubscription: {
            /** Given */
            given?: string[];
            /** Type */
            type: string;
        } & {
            [key: string]: unknown;
        };
        /**
         * Administrator
         * @description The new tenant's first administrator. Without a password one is generated and shown in the answer, once.
         */
        IdentityAdministrator: {
            /**
             * Display Name
             * @default 管理员
             */
            display_name?: string;
            /** Must Change Password */
            must_change_password?: boolean | null;
            /** Password */
            password?: string | null;
            /**
             * Username
             * @default admin
             */
            username?: string;
        };
        /**
         * AuditEntry
         * @description One entry of the trail; ``before`` and ``after`` are JSON texts, as they were hashed.
         */
        IdentityAuditEntry: {
            /** Action */
            action: string;
            /** Address */
            address: string;
            /** After */
            after: string | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Before */
            before: string | null;
            /** Entity */
            entity: string;
            /** Entity Id */
            entity_id: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Request Id */
            request_id: string;
            /** Sequence */
            sequence: number | null;
            /** User Id */
            user_id: string;
        };
        /** AuditEntryPage */
        IdentityAuditEntryPage: {
            items: components["schemas"]["IdentityAuditEntry"][];
            next: string | null;
            total: number | null;
        };
        /**
         * AuditVerification
         * @description Whether the chain holds.
         */
        IdentityAuditVerification: {
            /** First Bad */
            first_bad: string | null;
            /** Holds */
            holds: boolean;
            /** Open */
            open: number;
            /** Sealed */
            sealed: number;
        };
        /**
         * CellPermissions
         * @description A cell's entry; ``matrix``: where the cell tells its fields.
         */
        IdentityCellPermissions: {
            /** Cell */
            cell: string;
            /** Entities */
            entities: unknown[];
            /** Groups */
            groups: components["schemas"]["IdentityPermissionGroup"][];
            /** Label */
            label: unknown;
            /** Matrix */
            matrix: string | null;
            /** Menus */
            menus: unknown[];
            /** Permissions */
            permissions: unknown[];
        };
        /**
         * ChangePassword
         * @description The user's own new password.
         */
        IdentityChangePassword: {
            /** Newpassword */
            newPassword: string;
            /** Oldpassword */
            oldPassword: string;
        };
        /**
         * Changed
         * @description One thing that two roles say differently; null: nothing.
         */
        IdentityChanged: {
            /** Here */
            here: unknown;
            /** Key */
            key: string;
            /** There */
            there: unknown;
        };
        /**
         * Colleague
         * @description What colleagues know of a user.
         */
        IdentityColleague: {
            /** Active */
            active: boolean;
            /** Department */
            department: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /** Username */
            username: string;
        };
        /** ColleaguePage */
        IdentityColleaguePage: {
            items: components["schemas"]["IdentityColleague"][];
            next: string | null;
            total: number | null;
        };
        /**
         * Credential
         * @description A generated password.
         */
        IdentityCredential: {
            /** Display Name */
            display_name: string;
            /** Password */
            password: string;
            /** Username */
            username: string;
        };
        /**
         * Department
         * @description A department; ``path`` has the ids from the root down.
         */
        IdentityDepartment: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Leader Id */
            leader_id: string | null;
            /** Name */
            name: string;
            /** Parent Id */
            parent_id: string | null;
            /** Path */
            path: string;
            /** Sort Order */
            sort_order: number;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Version */
            version: number;
        };
        /**
         * DepartmentChange
         * @description Only the fields given change; another ``parent_id`` moves the department with everything below.
         */
        IdentityDepartmentChange: {
            /** Leader Id */
            leader_id?: string | null;
            /**
             * Name
             * @default
             */
            name?: string;
            /** Parent Id */
            parent_id?: string | null;
            /**
             * Sort Order
             * @default 0
             */
            sort_order?: number;
            /** Version */
            version: number;
        };
        /**
         * DepartmentCreate
         * @description ``parent_id`` null: a root.
         */
        IdentityDepartmentCreate: {
            /** Leader Id */
            leader_id?: string | null;
            /** Name */
            name: string;
            /** Parent Id */
            parent_id?: string | null;
            /**
             * Sort Order
             * @default 0
             */
            sort_order?: number;
        };
        /**
         * DepartmentName
         * @description A department in the tree that pickers show.
         */
        IdentityDepartmentName: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /** Parent Id */
            parent_id: string | null;
        };
        /** DepartmentNamePage */
        IdentityDepartmentNamePage: {
            items: components["schemas"]["IdentityDepartmentName"][];
            next: string | null;
            total: number | null;
        };
        /** DepartmentPage */
        IdentityDepartmentPage: {
            items: components["schemas"]["IdentityDepartment"][];
            next: string | null;
            total: number | null;
        };
        /**
         * Ended
         * @description How many sessions were ended.
         */
        IdentityEnded: {
            /** Ended */
            ended: number;
        };
        /**
         * ImportReport
         * @description ``credentials``: in the first answer only.
         */
        IdentityImportReport: {
            /** Created */
            created: number;
            /**
             * Credentials
             * @default null
             */
            credentials?: components["schemas"]["IdentityCredential"][] | null;
            /** Dry Run */
            dry_run: boolean;
            /** Problem Count */
            problem_count: number;
            /** Problems */
            problems: components["schemas"]["IdentityProblem"][];
            /** Rows */
            rows: number;
        };
        /**
         * Login
         * @description ``tenant`` is the tenant's code, in any case.
         */
        IdentityLogin: {
            /** Password */
            password: string;
            /** Tenant */
            tenant: string;
            /** Username */
            username: string;
        };
        /**
         * Logout
         * @description With a refresh token (or a web app's cookie) its session ends; without, or with ``all``, all of the user's.
         */
        IdentityLogout: {
            /**
             * All
             * @default false
             */
            all?: boolean;
            /** Refreshtoken */
            refreshToken?: string | null;
        };
        /**
         * Me
         * @description The user who asks.
         */
        IdentityMe: {
            /** Cells */
            cells: string[] | null;
            /** Customdepartmentids */
            customDepartmentIds: {
                [key: string]: string[];
            };
            /** Departmentid */
            departmentId: string | null;
            /** Departmentids */
            departmentIds: string[];
            /** Departments */
            departments: components["schemas"]["IdentityNamedDepartment"][];
            /** Displayname */
            displayName: string;
            /** Features */
            features: string[] | null;
            /** Fieldrules */
            fieldRules: {
                [key: string]: "hide" | "mask" | "read" | "edit";
            };
            /** Isoperator */
            isOperator: boolean;
            /**
             * Language
             * @enum {string}
             */
            language: "zh-CN" | "en-US";
            /** Lastloginat */
            lastLoginAt: string | null;
            /** Mustchangepassword */
            mustChangePassword: boolean;
            /**
             * Passwordchangedat
             * Format: date-time
             */
            passwordChangedAt: string;
            passwordPolicy: components["schemas"]["IdentityPasswordPolicy"];
            /** Permissions */
            permissions: string[];
            /** Roles */
            roles: string[];
            /** Scopes */
            scopes: {
                [key: string]: "self" | "team" | "department" | "custom" | "all";
            };
            /** Sessionid */
            sessionId: string | null;
            /** Sessionidleminutes */
            sessionIdleMinutes: number;
            /** Teamuserids */
            teamUserIds: string[];
            /** Tenantcode */
            tenantCode: string;
            /**
             * Tenantid
             * Format: uuid
             */
            tenantId: string;
            /**
             * Tenantlanguage
             * @enum {string}
             */
            tenantLanguage: "zh-CN" | "en-US";
            /** Tenantname */
            tenantName: string;
            /** Tenanttimezone */
            tenantTimeZone: string;
            /** Timezone */
            timeZone: string;
            /**
             * Userid
             * Format: uuid
             */
            userId: string;
            /** Username */
            username: string;
            /** Version */
            version: string;
        };
        /**
         * NamedDepartment
         * @description A department by name.
         */
        IdentityNamedDepartment: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * NewPassword
         * @description A password set by an administrator, or generated and shown once; the user has to change it in either case.
         */
        IdentityNewPassword: {
            /** Password */
            password?: string | null;
        };
        /**
         * NewPassword
         * @description ``password``: the generated one, in the first answer only.
         */
        IdentityNewPasswordAnswer: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Password
             * @default null
             */
            password?: string | null;
        };
        /**
         * NewTenant
         * @description ``administrator_password``: where it was generated, in the first answer only.
         */
        IdentityNewTenant: {
            /**
             * Administrator Id
             * Format: uuid
             */
            administrator_id: string;
            /**
             * Administrator Password
             * @default null
             */
            administrator_password?: string | null;
            /** Code */
            code: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Is Active */
            is_active: boolean;
            /** Is Operator */
            is_operator: boolean;
            /**
             * Language
             * @enum {string}
             */
            language: "zh-CN" | "en-US";
            /** Name */
            name: string;
            /** Package Id */
            package_id: string | null;
            /** Time Zone */
            time_zone: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Version */
            version: number;
        };
        /**
         * NewUser
         * @description ``password``: where it was generated, in the first answer only.
         */
        IdentityNewUser: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Department Id */
            department_id: string | null;
            /** Display Name */
            display_name: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Is Active */
            is_active: boolean;
            /**
             * Language
             * @enum {string}
             */
            language: "zh-CN" | "en-US";
            /** Last Login At */
            last_login_at: string | null;
            /**
             * Locked Until
             * @default null
             */
            locked_until?: string | null;
            /** Must Change Password */
            must_change_password: boolean;
            /**
             * Password
             * @default null
             */
            password?: string | null;
            /**
             * Password Changed At
             * Format: date-time
             */
            password_changed_at: string;
            /** Role Ids */
            role_ids: string[];
            /** Time Zone */
            time_zone: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Username */
            username: string;
            /** Version */
            version: number;
        };
        /**
         * OwnSession
         * @description A session of one's own.
         */
        IdentityOwnSession: {
            /** Address */
            address: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Current */
            current: boolean;
            /** Device */
            device: string;
            /** Device Name */
            device_name: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Last Used At
             * Format: date-time
             */
            last_used_at: string;
        };
        /** OwnSessionPage */
        IdentityOwnSessionPage: {
            items: components["schemas"]["IdentityOwnSession"][];
            next: string | null;
            total: number | null;
        };
        /**
         * Package
         * @description A package; null: no limit.
         */
        IdentityPackage: {
            /** Cells */
            cells: string[] | null;
            /** Code */
            code: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Features */
            features: string[];
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Most Users */
            most_users: number | null;
            /** Name */
            name: string;
            /** Storage Bytes */
            storage_bytes: number | null;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Version */
            version: number;
        };
        /**
         * PackageChange
         * @description Only the fields given change. Tenants that have the package are concerned within seconds.
         */
        IdentityPackageChange: {
            /** Cells */
            cells?: string[] | null;
            /**
             * Code
             * @default x
             */
            code?: string;
            /** Features */
            features?: string[];
            /** Most Users */
            most_users?: number | null;
            /**
             * Name
             * @default x
             */
            name?: string;
            /** Storage Bytes */
            storage_bytes?: number | null;
            /** Version */
            version: number;
        };
        /**
         * PackageCreate
         * @description ``cells`` null: all cells, those of the future included; a quota of null: none.
         */
        IdentityPackageCreate: {
            /** Cells */
            cells?: string[] | null;
            /** Code */
            code: string;
            /** Features */
            features?: string[];
            /** Most Users */
            most_users?: number | null;
            /** Name */
            name: string;
            /** Storage Bytes */
            storage_bytes?: number | null;
        };
        /** PackagePage */
        IdentityPackagePage: {
            items: components["schemas"]["IdentityPackage"][];
            next: string | null;
            total: number | null;
        };
        /**
         * PasswordPolicy
         * @description The rules for one's next password.
         */
        IdentityPasswordPolicy: {
            /** Classes */
            classes: number;
            /** Expiredays */
            expireDays: number;
            /** History */
            history: number;
            /** Maxlength */
            maxLength: number;
            /** Minlength */
            minLength: number;
        };
        /**
         * PermissionCatalogue
         * @description All that a role can be given.
         */
        IdentityPermissionCatalogue: {
            /** Items */
            items: components["schemas"]["IdentityCellPermissions"][];
            /** Next */
            next: null;
            /** Rules */
            rules: components["schemas"]["IdentityWord"][];
            /** Scopes */
            scopes: components["schemas"]["IdentityWord"][];
            /** Total */
            total: number;
        };
        /**
         * PermissionEntry
         * @description ``kind`` menu: without it the entity is not seen.
         */
        IdentityPermissionEntry: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "menu" | "button";
            /** Label */
            label: unknown;
            /** Name */
            name: string;
            /** Verb */
            verb: string;
        };
        /**
         * PermissionGroup
         * @description The permissions of one entity.
         */
        IdentityPermissionGroup: {
            /** Key */
            key: string;
            /** Label */
            label: unknown;
            /** Permissions */
            permissions: components["schemas"]["IdentityPermissionEntry"][];
        };
        /**
         * Permissions
         * @description Permissions of one of two roles alone.
         */
        IdentityPermissions: {
            /** Only Here */
            only_here: string[];
            /** Only There */
            only_there: string[];
        };
        /**
         * Preferences
         * @description The whole object; ``version`` is the one that was read, 0 where there was none.
         */
        IdentityPreferences: {
            /** Value */
            value: {
                [key: string]: unknown;
            };
            /** Version */
            version: number;
        };
        /**
         * Preferences
         * @description A user's preferences.
         */
        IdentityPreferencesAnswer: {
            /** Value */
            value: {
                [key: string]: unknown;
            };
            /** Version */
            version: number;
        };
        /**
         * Problem
         * @description Something wrong in a file.
         */
        IdentityProblem: {
            /** Column */
            column: string;
            /** Field */
            field: string;
            /** Message */
            message: string;
            /** Row */
            row: number;
            /** Rule */
            rule: string;
        };
        /**
         * Refresh
         * @description A refresh token, to be spent; with ``X-Session`` the cookie has it and the body stays empty.
         */
        IdentityRefresh: {
            /** Refreshtoken */
            refreshToken?: string | null;
        };
        /**
         * Rescue
         * @description Whose password is generated anew.
         */
        IdentityRescue: {
            /**
             * Username
             * @default admin
             */
            username?: string;
        };
        /**
         * Role
         * @description A role; ``user_count`` is told by the list.
         */
        IdentityRole: {
            /** Code */
            code: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Custom Department Ids */
            custom_department_ids: {
                [key: string]: string[];
            };
            /**
             * Default Scope
             * @enum {string}
             */
            default_scope: "self" | "team" | "department" | "custom" | "all";
            /** Field Rules */
            field_rules: {
                [key: string]: "hide" | "mask" | "read" | "edit";
            };
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /** Permissions */
            permissions: string[];
            /** Scopes */
            scopes: {
                [key: string]: "self" | "team" | "department" | "custom" | "all";
            };
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /**
             * User Count
             * @default null
             */
            user_count?: number | null;
            /** Version */
            version: number;
        };
        /**
         * RoleChange
         * @description Only the fields given change.
         */
        IdentityRoleChange: {
            /**
             * Code
             * @default x
             */
            code?: string;
            /** Custom Department Ids */
            custom_department_ids?: {
                [key: string]: string[];
            };
            /**
             * Default Scope
             * @default self
             * @enum {string}
             */
            default_scope?: "self" | "team" | "department" | "custom" | "all";
            /** Field Rules */
            field_rules?: {
                [key: string]: "hide" | "mask" | "read" | "edit";
            };
            /**
             * Name
             * @default x
             */
            name?: string;
            /** Permissions */
            permissions?: string[];
            /** Scopes */
            scopes?: {
                [key: string]: "self" | "team" | "department" | "custom" | "all";
            };
            /** Version */
            version: number;
        };
        /**
         * RoleCopy
         * @description The copy's own code and name.
         */
        IdentityRoleCopy: {
            /** Code */
            code: string;
            /** Name */
            name: string;
        };
        /**
         * RoleCreate
         * @description ``scopes`` by entity (``crm.lead``), else ``default_scope``; ``custom_department_ids`` by entity or ``*``.
         */
        IdentityRoleCreate: {
            /** Code */
            code: string;
            /** Custom Department Ids */
            custom_department_ids?: {
                [key: string]: string[];
            };
            /**
             * Default Scope
             * @default self
             * @enum {string}
             */
            default_scope?: "self" | "team" | "department" | "custom" | "all";
            /** Field Rules */
            field_rules?: {
                [key: string]: "hide" | "mask" | "read" | "edit";
            };
            /** Name */
            name: string;
            /** Permissions */
            permissions?: string[];
            /** Scopes */
            scopes?: {
                [key: string]: "self" | "team" | "department" | "custom" | "all";
            };
        };
        /**
         * RoleDifference
         * @description How two roles differ.
         */
        IdentityRoleDifference: {
            /** Custom Department Ids */
            custom_department_ids: components["schemas"]["IdentityChanged"][];
            /** Default Scope */
            default_scope: components["schemas"]["IdentityChanged"][];
            /** Field Rules */
            field_rules: components["schemas"]["IdentityChanged"][];
            permissions: components["schemas"]["IdentityPermissions"];
            /** Same */
            same: boolean;
            /** Scopes */
            scopes: components["schemas"]["IdentityChanged"][];
        };
        /** RolePage */
        IdentityRolePage: {
            items: components["schemas"]["IdentityRole"][];
            next: string | null;
            total: number | null;
        };
        /**
         * Rotated
         * @description The keys after a rotation.
         */
        IdentityRotated: {
            /** Current */
            current: string;
            /** Next */
            next: string;
            /** Previous */
            previous: string[];
        };
        /**
         * Rotation
         * @description ``force``: rotate although the gateway may not know the next key yet.
         */
        IdentityRotation: {
            /**
             * Force
             * @default false
             */
            force?: boolean;
        };
        /**
         * ServiceToken
         * @description A cell's token.
         */
        IdentityServiceToken: {
            /** Accesstoken */
            accessToken: string;
            /** Expiresin */
            expiresIn: number;
            /**
             * Tokentype
             * @constant
             */
            tokenType: "Bearer";
        };
        /**
         * ServiceTokenRequest
         * @description ``signature`` is the cell's own over the request with an empty request id, ``time`` in milliseconds.
         *
         *     For nobody's tenant there is a token, too: with it the supervisor asks whether requests get through. No row is of
         *     that tenant, so there is nothing it could show or change.
         */
        IdentityServiceTokenRequest: {
            /** Cell */
            cell: string;
            /** Signature */
            signature: string;
            /**
             * Tenantid
             * Format: uuid
             */
            tenantId: string;
            /** Time */
            time: string;
        };
        /**
         * Session
         * @description A session as an administrator sees it.
         */
        IdentitySession: {
            /** Address */
            address: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Current */
            current: boolean;
            /** Device */
            device: string;
            /** Device Name */
            device_name: string;
            /** Display Name */
            display_name: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Last Used At
             * Format: date-time
             */
            last_used_at: string;
            /**
             * User Id
             * Format: uuid
             */
            user_id: string;
            /** Username */
            username: string;
        };
        /** SessionPage */
        IdentitySessionPage: {
            items: components["schemas"]["IdentitySession"][];
            next: string | null;
            total: number | null;
        };
        /**
         * SettingValues
         * @description Only the fields given change.
         */
        IdentitySettingValues: {
            /**
             * Password Classes
             * @default 3
             */
            password_classes?: number;
            /**
             * Password Expire Days
             * @default 0
             */
            password_expire_days?: number;
            /**
             * Password History
             * @default 5
             */
            password_history?: number;
            /**
             * Password Min Length
             * @default 8
             */
            password_min_length?: number;
            /**
             * Password Must Change First
             * @default true
             */
            password_must_change_first?: boolean;
            /**
             * Session Idle Minutes
             * @default 0
             */
            session_idle_minutes?: number;
            /**
             * Session Single Device
             * @default false
             */
            session_single_device?: boolean;
        };
        /**
         * Settings
         * @description The settings of a tenant.
         */
        IdentitySettings: {
            /** Password Classes */
            password_classes: number;
            /** Password Expire Days */
            password_expire_days: number;
            /** Password History */
            password_history: number;
            /** Password Min Length */
            password_min_length: number;
            /** Password Must Change First */
            password_must_change_first: boolean;
            /** Session Idle Minutes */
            session_idle_minutes: number;
            /** Session Single Device */
            session_single_device: boolean;
            /** Version */
            version: number;
        };
        /**
         * SettingsChange
         * @description A change of the tenant's own settings.
         */
        IdentitySettingsChange: {
            /**
             * Password Classes
             * @default 3
             */
            password_classes?: number;
            /**
             * Password Expire Days
             * @default 0
             */
            password_expire_days?: number;
            /**
             * Password History
             * @default 5
             */
            password_history?: number;
            /**
             * Password Min Length
             * @default 8
             */
            password_min_length?: number;
            /**
             * Password Must Change First
             * @default true
             */
            password_must_change_first?: boolean;
            /**
             * Session Idle Minutes
             * @default 0
             */
            session_idle_minutes?: number;
            /**
             * Session Single Device
             * @default false
             */
            session_single_device?: boolean;
            /** Version */
            version: number;
        };
        /**
         * SigningKey
         * @description A signing key without its secret half.
         */
        IdentitySigningKey: {
            /** Activated At */
            activated_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Id */
            id: string;
            /** Retires At */
            retires_at: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "next" | "current" | "previous" | "retired";
        };
        /** SigningKeyPage */
        IdentitySigningKeyPage: {
            items: components["schemas"]["IdentitySigningKey"][];
            next: string | null;
            total: number | null;
        };
        /**
         * Tenant
         * @description A tenant.
         */
        IdentityTenant: {
            /** Code */
            code: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Is Active */
            is_active: boolean;
            /** Is Operator */
            is_operator: boolean;
            /**
             * Language
             * @enum {string}
             */
            language: "zh-CN" | "en-US";
            /** Name */
            name: string;
            /** Package Id */
            package_id: string | null;
            /** Time Zone */
            time_zone: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Version */
            version: number;
        };
        /**
         * TenantChange
         * @description Only the fields given change.
         */
        IdentityTenantChange: {
            /**
             * Language
             * @default zh-CN
             * @enum {string}
             */
            language?: "zh-CN" | "en-US";
            /**
             * Name
             * @default x
             */
            name?: string;
            /** Package Id */
            package_id?: string | null;
            /**
             * Time Zone
             * @default Asia/Shanghai
             */
            time_zone?: string;
            /** Version */
            version: number;
        };
        /**
         * TenantCreate
         * @description A tenant comes with its first administrator; without a package nothing is limited.
         */
        IdentityTenantCreate: {
            administrator: components["schemas"]["IdentityAdministrator"];
            /** Code */
            code: string;
            /**
             * Language
             * @default zh-CN
             * @enum {string}
             */
            language?: "zh-CN" | "en-US";
            /** Name */
            name: string;
            /** Package Id */
            package_id?: string | null;
            settings?: components["schemas"]["IdentitySettingValues"] | null;
            /**
             * Time Zone
             * @default Asia/Shanghai
             */
            time_zone?: string;
        };
        /** TenantPage */
        IdentityTenantPage: {
            items: components["schemas"]["IdentityTenant"][];
            next: string | null;
            total: number | null;
        };
        /**
         * TenantUsage
         * @description How much of its package a tenant uses.
         */
        IdentityTenantUsage: {
            /** Active Users */
            active_users: number;
            /** Most Users */
            most_users: number | null;
        };
        /**
         * Text
         * @description A text in both languages.
         */
        IdentityText: {
            /** En */
            en: string;
            /** Zh */
            zh: string;
        };
        /**
         * Tokens
         * @description A login; without ``refreshToken`` where the cookie has it.
         */
        IdentityTokens: {
            /** Accesstoken */
            accessToken: string;
            /** Expiresin */
            expiresIn: number;
            /** Mustchangepassword */
            mustChangePassword: boolean;
            /** Refreshexpiresin */
            refreshExpiresIn: number;
            /**
             * Refreshtoken
             * @default null
             */
            refreshToken?: string | null;
            /**
             * Tenantid
             * Format: uuid
             */
            tenantId: string;
            /**
             * Tokentype
             * @constant
             */
            tokenType: "Bearer";
            /**
             * Userid
             * Format: uuid
             */
            userId: string;
        };
        /**
         * User
         * @description A user; ``locked_until`` is told by the list and the single read.
         */
        IdentityUser: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Department Id */
            department_id: string | null;
            /** Display Name */
            display_name: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Is Active */
            is_active: boolean;
            /**
             * Language
             * @enum {string}
             */
            language: "zh-CN" | "en-US";
            /** Last Login At */
            last_login_at: string | null;
            /**
             * Locked Until
             * @default null
             */
            locked_until?: string | null;
            /** Must Change Password */
            must_change_password: boolean;
            /**
             * Password Changed At
             * Format: date-time
             */
            password_changed_at: string;
            /** Role Ids */
            role_ids: string[];
            /** Time Zone */
            time_zone: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Username */
            username: string;
            /** Version */
            version: number;
        };
        /**
         * UserChange
         * @description Only the fields given change.
         */
        IdentityUserChange: {
            /** Department Id */
            department_id?: string | null;
            /**
             * Display Name
             * @default x
             */
            display_name?: string;
            /**
             * Language
             * @default zh-CN
             * @enum {string}
             */
            language?: "zh-CN" | "en-US";
            /**
             * Time Zone
             * @default Asia/Shanghai
             */
            time_zone?: string;
            /** Version */
            version: number;
        };
        /**
         * UserCreate
         * @description A new user with his first password; without one it is generated and shown in the answer, once.
         */
        IdentityUserCreate: {
            /** Department Id */
            department_id?: string | null;
            /** Display Name */
            display_name: string;
            /**
             * Language
             * @default zh-CN
             * @enum {string}
             */
            language?: "zh-CN" | "en-US";
            /** Must Change Password */
            must_change_password?: boolean | null;
            /** Password */
            password?: string | null;
            /** Role Ids */
            role_ids?: string[];
            /**
             * Time Zone
             * @default Asia/Shanghai
             */
            time_zone?: string;
            /** Username */
            username: string;
        };
        /** UserPage */
        IdentityUserPage: {
            items: components["schemas"]["IdentityUser"][];
            next: string | null;
            total: number | null;
        };
        /**
         * UserRoles
         * @description Exactly these roles.
         */
        IdentityUserRoles: {
            /** Role Ids */
            role_ids: string[];
            /** Version */
            version: number;
        };
        /**
         * Word
         * @description A value with its text.
         */
        IdentityWord: {
            label: components["schemas"]["IdentityText"];
            /** Value */
            value: string;
        };
        /**
         * ChannelBody
         * @description A channel; secrets are written only, and stay as they are when they are not given.
         */
        MonitorChannelBody: {
            /**
             * Enabled
             * @default true
             */
            enabled?: boolean;
            /**
             * Host
             * @default
             */
            host?: string;
            /**
             * Language
             * @default zh-CN
             * @enum {string}
             */
            language?: "zh-CN" | "en-US";
            /** Name */
            name: string;
            /**
             * Password
             * @default
             */
            password?: string;
            /** Port */
            port?: number | null;
            /**
             * Recipient
             * @default
             */
            recipient?: string;
            /**
             * Secret
             * @default
             */
            secret?: string;
            /**
             * Security
             * @default tls
             * @enum {string}
             */
            security?: "tls" | "starttls" | "none";
            /**
             * Sender
             * @default
             */
            sender?: string;
            /**
             * Sender Name
             * @default
             */
            sender_name?: string;
            /**
             * Severity
             * @default warning
             * @enum {string}
             */
            severity?: "warning" | "critical";
            /**
             * Type
             * @enum {string}
             */
            type: "email" | "webhook" | "wecom" | "dingtalk" | "feishu";
            /**
             * Url
             * @default
             */
            url?: string;
            /**
             * Username
             * @default
             */
            username?: string;
            /**
             * Version
             * @default 0
             */
            version?: number;
        };
        /**
         * Note
         * @description What somebody says when he sees to an alert.
         */
        MonitorNote: {
            /**
             * Note
             * @default
             */
            note?: string;
        };
        /**
         * RuleBody
         * @description What may be set of a rule; ``version`` is the one that was read.
         */
        MonitorRuleBody: {
            /** Enabled */
            enabled: boolean;
            /** For Seconds */
            for_seconds: number;
            /**
             * Least Requests
             * @default 0
             */
            least_requests?: number;
            /**
             * Severity
             * @enum {string}
             */
            severity: "warning" | "critical";
            /** Threshold */
            threshold: number;
            /** Version */
            version: number;
        };
        /**
         * SilenceBody
         * @description Hold notices back; ``*`` stands for every rule or subject.
         */
        MonitorSilenceBody: {
            /** Minutes */
            minutes: number;
            /** Reason */
            reason: string;
            /**
             * Rule
             * @default *
             */
            rule?: string;
            /**
             * Subject
             * @default *
             */
            subject?: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    alerts_api_admin_alerts_get: {
        parameters: {
            query?: {
                state?: "active" | "pending" | "resolved" | "all";
                limit?: number;
                cursor?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    channels_api_admin_alerts_channels_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    add_channel_api_admin_alerts_channels_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MonitorChannelBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    change_channel_api_admin_alerts_channels__number__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MonitorChannelBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    remove_channel_api_admin_alerts_channels__number__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    test_channel_api_admin_alerts_channels__number__test_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    rules_api_admin_alerts_rules_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    change_rule_api_admin_alerts_rules__name__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MonitorRuleBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    silences_api_admin_alerts_silences_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    silence_api_admin_alerts_silences_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MonitorSilenceBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    end_silence_api_admin_alerts_silences__number__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    acknowledge_api_admin_alerts__number__acknowledge_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MonitorNote"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    backups_api_admin_backups_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    begin_api_admin_backups_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    backup_api_admin_backups__name__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    verify_api_admin_backups__name__verify_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    cells_api_admin_cells_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    cell_api_admin_cells__name__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    remove_api_admin_cells__name__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    disable_api_admin_cells__name__disable_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    documents_api_admin_cells__name__docs_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
        };
    };
    enable_api_admin_cells__name__enable_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    lights_api_admin_cells__name__lights_get: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    operate_api_admin_cells__name___action__post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                action: "stop" | "start" | "restart";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    current_api_admin_configuration_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    change_api_admin_configuration_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GovernanceChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    restart_api_admin_configuration_restart_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GovernanceRestart"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    versions_api_admin_configuration_versions_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    version_api_admin_configuration_versions__version__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    difference_api_admin_configuration_versions__version__difference_get: {
        parameters: {
            query?: {
                to?: number | null;
            };
            header?: never;
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    roll_back_api_admin_configuration_versions__version__rollback_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GovernanceRollBack"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    list_departments_api_admin_departments_get: {
        parameters: {
            query?: {
                q?: string;
                filter?: string;
                sort?: string;
                limit?: number;
                cursor?: string;
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityDepartmentPage"];
                };
            };
        };
    };
    create_department_api_admin_departments_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityDepartmentCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityDepartment"];
                };
            };
        };
    };
    read_department_api_admin_departments__department_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                department_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityDepartment"];
                };
            };
        };
    };
    delete_department_api_admin_departments__department_id__delete: {
        parameters: {
            query: {
                version: number;
            };
            header?: never;
            path: {
                department_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    change_department_api_admin_departments__department_id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                department_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityDepartmentChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityDepartment"];
                };
            };
        };
    };
    golden_signals_api_admin_golden_signals_get: {
        parameters: {
            query?: {
                service?: string | null;
                window?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    course_api_admin_golden_signals_history_get: {
        parameters: {
            query?: {
                service?: string | null;
                window?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    health_summary_api_admin_health_summary_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    logs_api_admin_logs_get: {
        parameters: {
            query?: {
                service?: string[] | null;
                level?: ("debug" | "info" | "warning" | "error" | "critical") | null;
                q?: string | null;
                tenant_id?: string | null;
                request_id?: string | null;
                from?: string | null;
                to?: string | null;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    list_packages_api_admin_packages_get: {
        parameters: {
            query?: {
                q?: string;
                filter?: string;
                sort?: string;
                limit?: number;
                cursor?: string;
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityPackagePage"];
                };
            };
        };
    };
    create_package_api_admin_packages_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityPackageCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityPackage"];
                };
            };
        };
    };
    read_package_api_admin_packages__package_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                package_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityPackage"];
                };
            };
        };
    };
    delete_package_api_admin_packages__package_id__delete: {
        parameters: {
            query: {
                version: number;
            };
            header?: never;
            path: {
                package_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    change_package_api_admin_packages__package_id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                package_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityPackageChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityPackage"];
                };
            };
        };
    };
    list_permissions_api_admin_permissions_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityPermissionCatalogue"];
                };
            };
        };
    };
    requests_api_admin_requests_get: {
        parameters: {
            query?: {
                request_id?: string | null;
                tenant_id?: string | null;
                user_id?: string | null;
                service?: string | null;
                caller?: string | null;
                method?: string | null;
                path?: string | null;
                status?: string | null;
                min_duration_ms?: number | null;
                from?: string | null;
                to?: string | null;
                limit?: number;
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    request_api_admin_requests__request_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    list_roles_api_admin_roles_get: {
        parameters: {
            query?: {
                q?: string;
                filter?: string;
                sort?: string;
                limit?: number;
                cursor?: string;
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityRolePage"];
                };
            };
        };
    };
    create_role_api_admin_roles_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityRoleCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityRole"];
                };
            };
        };
    };
    read_role_api_admin_roles__role_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                role_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityRole"];
                };
            };
        };
    };
    delete_role_api_admin_roles__role_id__delete: {
        parameters: {
            query: {
                version: number;
            };
            header?: never;
            path: {
                role_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    change_role_api_admin_roles__role_id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                role_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityRoleChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityRole"];
                };
            };
        };
    };
    copy_role_api_admin_roles__role_id__copy_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                role_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityRoleCopy"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityRole"];
                };
            };
        };
    };
    difference_api_admin_roles__role_id__difference__other_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                role_id: string;
                other_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityRoleDifference"];
                };
            };
        };
    };
    current_routes_api_admin_routes_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    change_route_api_admin_routes_cells__name__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GovernanceRouteChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    versions_api_admin_routes_versions_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    version_api_admin_routes_versions__version__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    difference_api_admin_routes_versions__version__difference_get: {
        parameters: {
            query?: {
                to?: number | null;
            };
            header?: never;
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    roll_back_api_admin_routes_versions__version__rollback_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    services_api_admin_services_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    list_sessions_api_admin_sessions_get: {
        parameters: {
            query?: {
                q?: string;
                filter?: string;
                sort?: string;
                limit?: number;
                cursor?: string;
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentitySessionPage"];
                };
            };
        };
    };
    end_all_sessions_api_admin_sessions_end_all_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityEnded"];
                };
            };
        };
    };
    end_session_api_admin_sessions__session_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_keys_api_admin_signing_keys_get: {
        parameters: {
            query?: {
                q?: string;
                filter?: string;
                sort?: string;
                limit?: number;
                cursor?: string;
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentitySigningKeyPage"];
                };
            };
        };
    };
    rotate_api_admin_signing_keys_rotate_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityRotation"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityRotated"];
                };
            };
        };
    };
    subscribed_api_admin_subscriptions_get: {
        parameters: {
            query?: {
                producer?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    system_api_admin_system_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    databases_api_admin_system_databases_get: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    licences_api_admin_system_licences_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    read_settings_api_admin_tenant_settings_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentitySettings"];
                };
            };
        };
    };
    change_settings_api_admin_tenant_settings_patch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentitySettingsChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentitySettings"];
                };
            };
        };
    };
    list_tenants_api_admin_tenants_get: {
        parameters: {
            query?: {
                q?: string;
                filter?: string;
                sort?: string;
                limit?: number;
                cursor?: string;
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityTenantPage"];
                };
            };
        };
    };
    create_tenant_api_admin_tenants_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityTenantCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityNewTenant"];
                };
            };
        };
    };
    read_tenant_api_admin_tenants__tenant_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityTenant"];
                };
            };
        };
    };
    change_tenant_api_admin_tenants__tenant_id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityTenantChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityTenant"];
                };
            };
        };
    };
    disable_api_admin_tenants__tenant_id__disable_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityTenant"];
                };
            };
        };
    };
    enable_api_admin_tenants__tenant_id__enable_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityTenant"];
                };
            };
        };
    };
    rescue_api_admin_tenants__tenant_id__reset_administrator_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["IdentityRescue"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityNewPasswordAnswer"];
                };
            };
        };
    };
    read_usage_api_admin_tenants__tenant_id__usage_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityTenantUsage"];
                };
            };
        };
    };
    topology_api_admin_topology_get: {
        parameters: {
            query?: {
                window?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    list_users_api_admin_users_get: {
        parameters: {
            query?: {
                q?: string;
                filter?: string;
                sort?: string;
                limit?: number;
                cursor?: string;
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityUserPage"];
                };
            };
        };
    };
    create_user_api_admin_users_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityUserCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityNewUser"];
                };
            };
        };
    };
    read_user_api_admin_users__user_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityUser"];
                };
            };
        };
    };
    change_user_api_admin_users__user_id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityUserChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityUser"];
                };
            };
        };
    };
    disable_api_admin_users__user_id__disable_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityUser"];
                };
            };
        };
    };
    enable_api_admin_users__user_id__enable_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityUser"];
                };
            };
        };
    };
    kick_api_admin_users__user_id__kick_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityEnded"];
                };
            };
        };
    };
    reset_password_api_admin_users__user_id__reset_password_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["IdentityNewPassword"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityNewPasswordAnswer"];
                };
            };
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    set_roles_api_admin_users__user_id__roles_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityUserRoles"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityUser"];
                };
            };
        };
    };
    unlock_api_admin_users__user_id__unlock_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityUser"];
                };
            };
        };
    };
    discovery_api_governance_cells_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
        };
    };
    register_api_governance_cells_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GovernanceRegistration"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    renew_api_governance_cells__name__instances__instance_id__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                instance_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    leave_api_governance_cells__name__instances__instance_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                instance_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    health_api_governance_health_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    subscribed_api_governance_subscriptions_get: {
        parameters: {
            query?: {
                producer?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
        };
    };
    health_api_monitor_health_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    change_api_v1_auth_change_password_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description client or admin: the session lives in a cookie */
                "x-session"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityChangePassword"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityTokens"];
                };
            };
        };
    };
    departments_api_v1_auth_departments_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityDepartmentNamePage"];
                };
            };
        };
    };
    login_api_v1_auth_login_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description client or admin: the session lives in a cookie */
                "x-session"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityLogin"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityTokens"];
                };
            };
        };
    };
    logout_api_v1_auth_logout_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description client or admin: the session lives in a cookie */
                "x-session"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["IdentityLogout"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    me_api_v1_auth_me_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityMe"];
                };
            };
        };
    };
    people_api_v1_auth_people_get: {
        parameters: {
            query?: {
                q?: string;
                ids?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityColleaguePage"];
                };
            };
        };
    };
    read_preferences_api_v1_auth_preferences_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityPreferencesAnswer"];
                };
            };
        };
    };
    write_preferences_api_v1_auth_preferences_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityPreferences"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityPreferencesAnswer"];
                };
            };
        };
    };
    refresh_api_v1_auth_refresh_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description client or admin: the session lives in a cookie */
                "x-session"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["IdentityRefresh"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityTokens"];
                };
            };
        };
    };
    service_token_api_v1_auth_service_token_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityServiceTokenRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityServiceToken"];
                };
            };
        };
    };
    own_sessions_api_v1_auth_sessions_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityOwnSessionPage"];
                };
            };
        };
    };
    end_other_sessions_api_v1_auth_sessions_end_others_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityEnded"];
                };
            };
        };
    };
    end_own_session_api_v1_auth_sessions__session_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_entries_api_v1_identity_audit_get: {
        parameters: {
            query?: {
                q?: string;
                filter?: string;
                sort?: string;
                limit?: number;
                cursor?: string;
                total?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityAuditEntryPage"];
                };
            };
        };
    };
    verification_api_v1_identity_audit_verification_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityAuditVerification"];
                };
            };
        };
    };
    cells_api_v1_platform_cells_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
        };
    };
}
